import type { Catalogue } from "../catalogue";
import { access } from "./access/de";
import { account } from "./account/de";
import { admin } from "./admin/de";
import { figures } from "./figures/de";
import { editing } from "./editing/de";
import { tools } from "./tools/de";
import { listening } from "./listening/de";
import { sending, uploadRefusals } from "./sending/de";
import { library } from "./library/de";

export const de: Catalogue = {
  app: {
    name: "Whisper Transcriber",
    skip: "Zum Inhalt springen",
    navigation: "Hauptbereich",
    transcribe: "Transkribieren",
    library: "Bibliothek",
    notFoundTitle: "Diese Seite gibt es nicht",
    notFoundHint: "Vielleicht ist die Adresse vertippt, oder das Gezeigte wurde gelöscht.",
    goToLibrary: "Zur Bibliothek",
    crashTitle: "Diese Ansicht funktioniert nicht mehr",
    retry: "Erneut versuchen",
    close: "Schließen",
    cancel: "Abbrechen",
    done: "Fertig",
    more: "Mehr zeigen",
    copy: "Kopieren",
    copied: "Kopiert",
    copyFailed: "Der Browser hat das Kopieren nicht erlaubt.",
    shownBefore:
      "Der Dienst hat dies schon einmal gezeigt und behält keine Kopie. Legen Sie ein neues an.",
  },
  problem: {
    unreachable:
      "Der Dienst ist nicht erreichbar. Prüfen Sie die Verbindung; es wird von selbst weiter versucht.",
    unknown: "Auf unserer Seite ist etwas schiefgegangen.",
    request: "Anfrage",
    trace: "Trace",
    code: {
      ...uploadRefusals,
      document_too_large:
        "Dieses Transkript ist für ein solches Dokument zu lang. Wählen Sie ein anderes Format.",
      exports_busy:
        "Der Server erzeugt gerade zu viele Dateien. Versuchen Sie es gleich noch einmal.",
      invitation_gone:
        "Diese Einladung lässt sich nicht verwenden: Sie wurde benutzt, zurückgenommen oder ist abgelaufen. Bitten Sie einen Administrator um eine neue.",
      invitation_required: "Sie brauchen eine Einladung. Bitten Sie einen Administrator um eine.",
      invitation_used: "Mit dieser Einladung hat sich schon jemand registriert.",
      last_admin:
        "Das ist der letzte aktive Administrator. Machen Sie erst jemand anderen zum Administrator, sonst könnte niemand mehr Leute hereinlassen.",
      name_taken: "Ein Konto mit diesem Namen gibt es schon. Wählen Sie einen anderen Namen.",
      reset_gone:
        "Dieser Link lässt sich nicht verwenden: Er wurde benutzt, ersetzt oder ist abgelaufen. Bitten Sie einen Administrator um einen neuen.",
      revision_conflict:
        "Das Transkript wurde inzwischen geändert, hier oder anderswo. Sehen Sie es sich an und versuchen Sie es erneut.",
      sign_up_closed:
        "Hier kann sich niemand registrieren. Bitten Sie einen Administrator um ein Konto.",
      too_many_exports:
        "Sie lassen zu viele Dateien auf einmal erzeugen. Warten Sie, bis eine fertig ist.",
      too_many_keys:
        "Sie haben so viele Schlüssel, wie ein Konto haben darf. Widerrufen Sie zuerst einen.",
      too_many_versions:
        "Dieses Transkript wurde so oft geändert, dass es keine weiteren Fassungen behält.",
      transcript_deleted: "Das Transkript wurde gelöscht.",
    },
  },
  ...access,
  ...account,
  ...admin,
  ...figures,
  ...listening,
  ...sending,
  ...tools,
  ...editing,
  transcribe: {
    title: "Aufnahmen transkribieren",
    lead: "Ton oder Video, so lang der Dienst es erlaubt. Die Dateien bleiben auf Ihrem eigenen Server.",
    dropTitle: "Aufnahmen hier ablegen",
    dropHint: "mp3, m4a, wav, flac, ogg, opus, webm, mp4, mov, mkv und mehr",
    choose: "Dateien auswählen",
    options: "So wird transkribiert",
    model: "Modell",
    modelUnusable: "{{name}} (nicht nutzbar)",
    modelsLoading: "Modelle werden geladen",
    modelsErrorTitle: "Die Modelle konnten nicht geladen werden",
    modelsEmpty:
      "Auf dem Server liegt noch kein Modell. Legen Sie einen Checkpoint wie base.pt in seinen Modellordner.",
    language: "Gesprochene Sprache",
    automatic: "Automatisch erkennen",
    languageEmpty: "Keine Sprache passt dazu.",
    task: "Text",
    taskTranscribe: "Wie gesprochen",
    taskTranslate: "Auf Englisch",
    more: "Weitere Einstellungen",
    prompt: "Vorgabetext",
    promptHint:
      "Gibt Stil und Zusammenhang vor, zum Beispiel „Protokoll des Stadtrats vom 4. Mai.“",
    hotwords: "Namen und besondere Wörter",
    hotwordsHint: "Zu bevorzugende Wörter, durch Kommas getrennt.",
    wordTimestamps: "Zeit für jedes Wort",
    wordTimestampsHint: "Langsamer; nötig für wortgenaue Untertitel.",
    start_zero: "Transkribieren",
    start_one: "{{count}} Datei transkribieren",
    start_other: "{{count}} Dateien transkribieren",
  },
  jobs: {
    progressOf: "Fortschritt von {{name}}",
    percent: "{{percent}} erledigt",
    remaining: "noch etwa {{time}}",
    queuePosition_one: "{{count}} Auftrag davor",
    queuePosition_other: "{{count}} Aufträge davor",
    queueNext: "als Nächstes an der Reihe",
    planning: "sucht die Sprache",
    cancelling: "wird beendet",
    state: {
      queued: "Wartet",
      running: "Läuft",
      completed: "Fertig",
      failed: "Gescheitert",
      cancelled: "Abgebrochen",
      quarantined: "Beiseitegelegt",
    },
    reason: {
      decoder_crashed: "Das Programm, das die Aufnahme liest, ist zweimal daran abgestürzt.",
      device_unusable: "Der Rechner kann das Modell nicht so ausführen, wie es eingestellt ist.",
      empty: "Die Aufnahme enthält keinen Ton.",
      encrypted: "Die Aufnahme ist geschützt oder verschlüsselt.",
      internal: "Im Dienst ist ein Fehler aufgetreten.",
      memory_short: "Das Modell wartet auf freien Arbeitsspeicher.",
      model_cache_unusable: "Der Ordner für umgewandelte Modelle ist nicht benutzbar.",
      model_checksum: "Die Modelldatei hat nicht die erwartete Prüfsumme.",
      model_foreign: "Die Modelldatei enthält kein Whisper-Modell.",
      model_malformed: "Die Modelldatei ist beschädigt.",
      model_missing: "Das Modell ist nicht da.",
      model_truncated: "Die Modelldatei ist abgeschnitten.",
      model_unreadable: "Die Modelldatei lässt sich nicht lesen.",
      model_unsafe: "Die Modelldatei enthält mehr als ein Modell und wird nicht geöffnet.",
      models_dir_missing: "Der Ordner mit den Modellen ist nicht da.",
      no_audio: "Die Datei ist ein Video ohne Ton.",
      object_damaged: "Die gespeicherte Aufnahme ist beschädigt.",
      object_missing: "Die gespeicherte Aufnahme ist verloren gegangen.",
      out_of_memory: "Beim Transkribieren ging der Arbeitsspeicher aus.",
      playlist: "Die Datei nennt nur andere Medien; sie werden nicht geholt.",
      quarantined: "Der Worker blieb bei dieser Aufnahme mehrmals ohne Fortschritt stehen.",
      storage_full: "Der Speicher des Dienstes ist voll.",
      storage_unavailable: "Der Speicher des Dienstes antwortet nicht.",
      too_long: "Die Aufnahme ist länger, als der Dienst annimmt.",
      truncated: "Die Aufnahme endet vor dem ersten Ton.",
      unreadable: "Die Aufnahme ist zu stark beschädigt, um gelesen zu werden.",
      unsupported: "Die Datei ist keine Aufnahme in einem Format, das der Dienst liest.",
    },
    open: "{{name}} lesen",
    actions: "Aktionen für {{name}}",
    cancel: "Abbrechen",
    retry: "Erneut transkribieren",
    rerun: "Mit anderen Einstellungen transkribieren",
    rerunTitle: "Mit anderen Einstellungen transkribieren",
    rerunLead:
      "Aus der Aufnahme von „{{name}}“ entsteht eine weitere Transkription; diese bleibt, wie sie ist.",
    rerunModelGone: "Das Modell {{gone}} ist nicht mehr nutzbar; {{model}} tritt an seine Stelle.",
    rerunConfirm: "Transkribieren",
    rerunCancel: "Abbrechen",
    noRecording: "Aufnahme gelöscht",
    recordingNeeded:
      "Die Aufnahme wurde gelöscht; senden Sie sie erneut, um sie zu transkribieren.",
    recordingInUse: "Die Aufnahme wird gebraucht, bis dies beendet ist.",
    downloadRecording: "Aufnahme herunterladen",
    deleteRecording: "Nur die Aufnahme löschen",
    deleteRecordingTitle: "Nur die Aufnahme löschen?",
    deleteRecordingBody:
      "Die Aufnahme von „{{name}}“ wird endgültig entfernt, für alle ihre Transkriptionen. Das lässt sich nicht rückgängig machen.",
    deleteRecordingKeeps:
      "Das Transkript bleibt. Um die Aufnahme noch einmal zu transkribieren, müssen Sie sie erneut senden.",
    deleteRecordingNoText:
      "Es gibt kein Transkript. Um die Aufnahme zu transkribieren, müssen Sie sie erneut senden.",
    deleteRecordingConfirm: "Aufnahme löschen",
    deleteTranscript: "Nur das Transkript löschen",
    deleteTranscriptTitle: "Nur das Transkript löschen?",
    deleteTranscriptBody:
      "Der Text von „{{name}}“ wird endgültig entfernt, mit seinen Korrekturen, seinem Verlauf und seinen Schlagwörtern. Das lässt sich nicht rückgängig machen.",
    deleteTranscriptKeeps: "Die Aufnahme bleibt und kann erneut transkribiert werden.",
    deleteTranscriptNoAudio:
      "Die Aufnahme wurde schon gelöscht. Nur der Eintrag in Ihrer Bibliothek bleibt übrig.",
    deleteTranscriptConfirm: "Transkript löschen",
    noTranscript: "Transkript gelöscht",
    delete: "Löschen",
    deleteTitle: "Diese Transkription löschen?",
    deleteBody:
      "Das Transkript von „{{name}}“ wird endgültig entfernt, und die Aufnahme mit ihm, sofern von ihr keine andere Transkription gemacht wurde. Das lässt sich nicht rückgängig machen.",
    deleteConfirm: "Endgültig löschen",
    keep: "Behalten",
  },
  ...library,
  transcript: {
    loading: "Das Transkript wird geladen",
    errorTitle: "Das Transkript konnte nicht geladen werden",
    back: "Bibliothek",
    languageDetected: "{{language}} (erkannt, zu {{percent}} sicher)",
    translated: "Ins Englische übersetzt",
    model: "Modell {{model}}",
    words_one: "{{count}} Wort",
    words_other: "{{count}} Wörter",
    showTimes: "Zeiten",
    warnings: "Gut zu wissen",
    doubtful: "Geringe Sicherheit",
    droppedTitle_one: "{{count}} Stelle wurde weggelassen",
    droppedTitle_other: "{{count}} Stellen wurden weggelassen",
    droppedLead: "Was das Modell dort schrieb, war nicht glaubhaft.",
    showDropped: "Im Text zeigen",
    hideDropped: "Ausblenden",
    leftOut: "weggelassen: {{reason}}",
    droppedReason: {
      silence: "keine Sprache",
      repetition: "Wiederholung",
      low_confidence: "geringe Sicherheit",
    },
    emptyTitle: "Keine Sprache gefunden",
    emptyHint: "Die Aufnahme wurde bis zum Ende gelesen; niemand sprach, oder zu leise.",
    pendingTitle: "Das Transkript entsteht gerade",
    pendingHint:
      "Diese Seite zeigt es, sobald es fertig ist. Sie können weggehen und wiederkommen.",
    failedTitle: "Diese Aufnahme konnte nicht transkribiert werden",
    cancelledTitle: "Diese Transkription wurde abgebrochen",
    text: "Transkript",
  },
};
