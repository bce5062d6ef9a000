import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { readStored, writeStored } from "@/lib/stored";
import { isLanguageCode, type LanguageCode, languages } from "./languages";

const STORAGE_KEY = "transcriber.language";

/** Starts the interface in the language chosen before, else the browser's first known one. */
export async function setUpLanguage(): Promise<void> {
  const code = chosenLanguage();
  await i18next.use(initReactI18next).init({
    lng: code,
    resources: { [code]: { translation: await languages[code].load() } },
    // React escapes what it renders; escaping twice would show entities to the reader.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = code;
}

export async function changeLanguage(code: LanguageCode): Promise<void> {
  if (!i18next.hasResourceBundle(code, "translation")) {
    i18next.addResourceBundle(code, "translation", await languages[code].load());
  }
  await i18next.changeLanguage(code);
  document.documentElement.lang = code;
  writeStored(STORAGE_KEY, code);
}

function chosenLanguage(): LanguageCode {
  const wanted = [readStored(STORAGE_KEY), ...navigator.languages.map((tag) => tag.split("-")[0])];
  return wanted.find(isLanguageCode) ?? "en";
}
