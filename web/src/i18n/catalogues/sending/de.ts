export const sending = {
  sending: {
    chooseFolder: "Ordner auswählen",
    ignored_one: "{{count}} Datei wurde ausgelassen",
    ignored_other: "{{count}} Dateien wurden ausgelassen",
    ignoredReason: {
      hidden: "Versteckt oder vom System: {{names}}",
      other: "Keine Aufnahme: {{names}}",
      listed: "Steht schon in der Liste: {{names}}",
    },
    andMore_one: "{{names}} und {{count}} weitere",
    andMore_other: "{{names}} und {{count}} weitere",
    emptyFolder: "In Ihrer Auswahl ist keine Aufnahme.",
    unreadableDrop:
      "Der Browser konnte das Abgelegte nicht lesen. Wählen Sie es stattdessen im Dialog aus.",
    list: "Dateien",
    remove: "{{name}} entfernen",
    clear: "Erledigte ausblenden",
    pauseAll: "Alle anhalten",
    resumeAll: "Alle fortsetzen",
    ready: "Bereit, {{size}}",
    waiting: "Wartet auf das Senden",
    uploading: "{{sent}} von {{total}} gesendet",
    speed: "{{speed}}/s",
    remaining: "noch {{time}}",
    finishing: "Gesendet; der Dienst prüft die Aufnahme",
    paused: "Angehalten bei {{sent}} von {{total}}",
    stopping: "Wird beendet",
    failed: "Nicht gesendet",
    interrupted: "Die Verbindung ist unterbrochen. Es geht von selbst weiter.",
    held: "Es geht von selbst weiter: {{reason}}",
    tryNow: "Jetzt versuchen",
    pause: "{{name}} anhalten",
    resume: "{{name}} fortsetzen",
    cancel: "Senden von {{name}} beenden",
    retry: "{{name}} erneut senden",
    progress: "Übertragung von {{name}}",
    open: "Lesen",
    stopTitle: "Senden beenden?",
    stopBody:
      "„{{name}}“ verschwindet aus der Liste, und was der Dienst davon schon hat, wird entfernt.",
    stopConfirm: "Senden beenden",
    keep: "Behalten",
    unreadable:
      "Die Datei lässt sich nicht mehr lesen: Sie wurde verschoben, geändert oder entfernt. Wählen Sie sie noch einmal aus.",
    otherFile:
      "Das ist eine andere Datei: Sie hat {{found}}, die begonnene {{expected}}. Wählen Sie dieselbe Datei oder verwerfen Sie den Upload.",
    changedFile:
      "Das ist eine andere Datei, oder sie wurde seit dem Beginn geändert. Wählen Sie dieselbe Datei oder verwerfen Sie den Upload.",
    notReopened:
      "Der Browser hat die Datei nicht geöffnet: Sie haben es nicht erlaubt, oder sie wurde verschoben oder geändert. Wählen Sie sie noch einmal aus.",
    restart: "{{name}} von vorn senden",
    twin: "Von dieser Aufnahme haben Sie schon ein Transkript mit denselben Einstellungen.",
    twinOpen: "Das frühere lesen",
    twinKeep: "Dieses verwerfen",
  },
  unfinished: {
    title: "Unvollständige Uploads",
    lead: "Wählen Sie dieselbe Datei aus oder legen Sie sie ab; gesendet wird nur, was noch fehlt.",
    progress: "{{sent}} von {{total}} angekommen",
    notBegun: "{{total}}, noch nicht begonnen",
    until: "aufbewahrt bis {{moment}}",
    elsewhere: "Ein anderer Tab dieses Browsers sendet die Datei.",
    choose: "Datei auswählen",
    chooseFor: "Datei zu {{name}} auswählen",
    continue: "Fortsetzen",
    continueFor: "Mit {{name}} fortfahren",
    discard: "Verwerfen",
    discardFor: "{{name}} verwerfen",
    errorTitle: "Ob weitere Uploads unvollständig sind, ist nicht bekannt",
  },
  indicator: {
    sending_one: "{{count}} Datei wird gesendet, {{percent}} erledigt",
    sending_other: "{{count}} Dateien werden gesendet, {{percent}} erledigt",
    paused_one: "{{count}} Datei ist angehalten, {{percent}} gesendet",
    paused_other: "{{count}} Dateien sind angehalten, {{percent}} gesendet",
    failed_one: "{{count}} Datei wurde nicht gesendet",
    failed_other: "{{count}} Dateien wurden nicht gesendet",
  },
} as const;

export const uploadRefusals = {
  bytes_missing:
    "Der Speicher des Dienstes hat mehrmals einen Teil der Aufnahme verloren. Fragen Sie den Betreiber und senden Sie dann erneut.",
  checksum_mismatch:
    "Die Daten kommen immer wieder beschädigt an. Versuchen Sie es in einem anderen Netz und senden Sie dann erneut.",
  chunk_busy: "Derselbe Teil wird gerade von woanders gesendet.",
  chunk_damaged:
    "Der Speicher des Dienstes hat mehrmals andere Daten zurückgegeben, als er bekam. Fragen Sie den Betreiber und senden Sie dann erneut.",
  empty: "Die Datei ist leer.",
  job_deleted: "Die Aufnahme war angekommen, und ihre Transkription wurde seitdem gelöscht.",
  quota_exceeded:
    "Für {{size_bytes}} ist kein Platz: Sie dürfen {{quota_bytes}} speichern, davon sind {{stored_bytes}} belegt und {{reserved_bytes}} vorgemerkt. Löschen Sie Aufnahmen, die Sie nicht mehr brauchen.",
  storage_full:
    "Der Datenträger des Dienstes ist voll. Bitten Sie den Betreiber, Platz zu schaffen, und senden Sie dann erneut; verloren ist nichts.",
  too_large: "Die Datei hat {{size_bytes}}; der Dienst nimmt höchstens {{max_bytes}} an.",
  too_many_uploads:
    "{{open_uploads}} Ihrer Uploads sind unvollständig, und mehr als {{max_open_uploads}} dürfen es nicht sein. Schließen Sie einige ab oder verwerfen Sie sie.",
  too_slow: "Die Leitung ist zu langsam: Der Dienst wartete auf Daten, und es kamen keine.",
  upload_cancelled:
    "Dieser Upload wurde verworfen, hier oder anderswo. Die Datei lässt sich von vorn senden.",
  upload_expired:
    "Es kam so lange nichts, dass der Dienst entfernt hat, was er hatte. Die Datei lässt sich von vorn senden.",
  upload_not_found:
    "Der Dienst kennt diesen Upload nicht mehr. Die Datei lässt sich von vorn senden.",
  verification_failed:
    "Der Dienst konnte die Aufnahme nicht bis zum Ende prüfen. Senden Sie erneut, damit er es noch einmal versucht.",
} as const;
