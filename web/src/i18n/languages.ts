import type { Catalogue } from "./catalogue";

/** The interface languages, each under its own name, loaded only when chosen. */
export const languages = {
  en: {
    name: "English",
    load: async (): Promise<Catalogue> => (await import("./catalogues/en")).en,
  },
  de: {
    name: "Deutsch",
    load: async (): Promise<Catalogue> => (await import("./catalogues/de")).de,
  },
} as const;

export type LanguageCode = keyof typeof languages;

export function isLanguageCode(value: unknown): value is LanguageCode {
  return typeof value === "string" && value in languages;
}
