/** What browsers call themselves, the more telling first: most also claim to be others. */
const BROWSERS = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\b(?:OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:HeadlessChrome|Chrome|CriOS)\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
] as const;

const SYSTEMS = [
  [/\b(?:iPhone|iPad|iPod)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
] as const;

/** The browser and the system that a sign-in names; nothing for other programs. */
export function readBrowser(device: string): { browser: string; system: string } | undefined {
  const browser = BROWSERS.find(([sign]) => sign.test(device))?.[1];
  const system = SYSTEMS.find(([sign]) => sign.test(device))?.[1];
  return browser && system ? { browser, system } : undefined;
}
