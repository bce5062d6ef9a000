import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { JobChoices } from "@/components/jobs/job-choices";

/** What this browser remembers of an upload until it has become a job. */
export interface KeptUpload {
  id: string;
  userId: string;
  name: string;
  sizeBytes: number;
  /** Of the file, in milliseconds since 1970. */
  lastModified: number;
  /** Undefined where another browser announced it. */
  choices: JobChoices | undefined;
  /** The service's name for it, once it was announced. */
  uploadId: string | undefined;
  /** By which the file can be opened again, where the browser gives such a thing. */
  handle: FileSystemFileHandle | undefined;
  /** Whether the file was chosen again and may be another one. */
  mustProve: boolean;
  isPaused: boolean;
}

export interface UploadMemory {
  list: (userId: string) => Promise<KeptUpload[]>;
  put: (upload: KeptUpload) => Promise<void>;
  remove: (id: string) => Promise<void>;
}

interface Schema extends DBSchema {
  uploads: { key: string; value: KeptUpload; indexes: { userId: string } };
}

const NAME = "transcriber.uploads";

/**
 * Uploads that are not finished, across reloads and restarts of the browser.  Where it refuses
 * (private windows, a full disk), an upload goes all the same, and the service's own list still
 * has it after a reload.
 */
export class KeptUploads implements UploadMemory {
  #database: Promise<IDBPDatabase<Schema> | undefined> | undefined;

  async list(userId: string): Promise<KeptUpload[]> {
    const database = await this.#open();
    return (await database?.getAllFromIndex("uploads", "userId", userId)) ?? [];
  }

  async put(upload: KeptUpload): Promise<void> {
    const database = await this.#open();
    await database?.put("uploads", upload).catch(this.#giveUp);
  }

  async remove(id: string): Promise<void> {
    const database = await this.#open();
    await database?.delete("uploads", id).catch(this.#giveUp);
  }

  /** Remembering is a convenience: what cannot be written now is not tried again this visit. */
  readonly #giveUp = (): undefined => {
    this.#database = Promise.resolve(undefined);
    return undefined;
  };

  #open(): Promise<IDBPDatabase<Schema> | undefined> {
    this.#database ??= openDatabase().catch(this.#giveUp);
    return this.#database;
  }
}

async function openDatabase(): Promise<IDBPDatabase<Schema> | undefined> {
  if (typeof indexedDB === "undefined") return undefined;
  return openDB<Schema>(NAME, 1, {
    upgrade: (database) => {
      database.createObjectStore("uploads", { keyPath: "id" }).createIndex("userId", "userId");
    },
  });
}
