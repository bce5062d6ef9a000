/** Files on their way to the service: chosen, sent, paused, continued. */
export const sending = {
  sending: {
    chooseFolder: "Choose a folder",
    ignored_one: "{{count}} file was left out",
    ignored_other: "{{count}} files were left out",
    ignoredReason: {
      hidden: "Hidden or made by the system: {{names}}",
      other: "Not a recording: {{names}}",
      listed: "Listed already: {{names}}",
    },
    andMore_one: "{{names}} and {{count}} more",
    andMore_other: "{{names}} and {{count}} more",
    emptyFolder: "There is no recording in what you chose.",
    unreadableDrop: "The browser could not read what you dropped. Choose it instead.",
    list: "Files",
    remove: "Remove {{name}}",
    clear: "Clear finished",
    pauseAll: "Pause all",
    resumeAll: "Resume all",
    ready: "Ready, {{size}}",
    waiting: "Waiting to be sent",
    uploading: "Sending {{sent}} of {{total}}",
    speed: "{{speed}}/s",
    remaining: "{{time}} left",
    finishing: "Sent; the service is checking the recording",
    paused: "Paused at {{sent}} of {{total}}",
    stopping: "Stopping",
    failed: "Not sent",
    interrupted: "The connection is interrupted. It goes on by itself.",
    held: "It goes on by itself: {{reason}}",
    tryNow: "Try now",
    pause: "Pause {{name}}",
    resume: "Resume {{name}}",
    cancel: "Stop sending {{name}}",
    retry: "Send {{name}} again",
    progress: "Upload of {{name}}",
    open: "Read",
    stopTitle: "Stop sending?",
    stopBody:
      "“{{name}}” is taken off the list, and what the service already has of it is removed.",
    stopConfirm: "Stop sending",
    keep: "Keep it",
    unreadable:
      "The file cannot be read any more: it was moved, changed or taken away. Choose it again.",
    otherFile:
      "This is another file: it has {{found}}, the one that was begun {{expected}}. Choose the same file, or discard the upload.",
    changedFile:
      "This is another file, or it was changed since it was begun. Choose the same file, or discard the upload.",
    notReopened:
      "The browser did not open the file: you did not allow it, or it was moved or changed. Choose it again.",
    restart: "Send {{name}} from the beginning",
    twin: "You have a transcript of this recording already, made with the same options.",
    twinOpen: "Read the earlier one",
    twinKeep: "Drop this one",
  },
  unfinished: {
    title: "Unfinished uploads",
    lead: "Choose or drop the same file, and only what is missing is sent.",
    progress: "{{sent}} of {{total}} received",
    notBegun: "{{total}}, not begun",
    until: "kept until {{moment}}",
    elsewhere: "Another tab of this browser is sending it.",
    choose: "Choose the file",
    chooseFor: "Choose the file of {{name}}",
    continue: "Continue",
    continueFor: "Continue with {{name}}",
    discard: "Discard",
    discardFor: "Discard {{name}}",
    errorTitle: "It is not known whether other uploads are unfinished",
  },
  indicator: {
    sending_one: "Sending {{count}} file, {{percent}} done",
    sending_other: "Sending {{count}} files, {{percent}} done",
    paused_one: "{{count}} file is paused, {{percent}} sent",
    paused_other: "{{count}} files are paused, {{percent}} sent",
    failed_one: "{{count}} file was not sent",
    failed_other: "{{count}} files were not sent",
  },
} as const;

/** What the service may refuse an upload for, by its code. */
export const uploadRefusals = {
  bytes_missing:
    "The service’s storage lost part of the recording several times. Ask whoever runs it, then send again.",
  checksum_mismatch:
    "The bytes arrive damaged again and again. Try another network, then send again.",
  chunk_busy: "The same part is being sent from somewhere else at this moment.",
  chunk_damaged:
    "The service’s storage gave back other bytes than it took, several times. Ask whoever runs it, then send again.",
  empty: "The file is empty.",
  job_deleted: "The recording had arrived, and its transcription was deleted since.",
  quota_exceeded:
    "There is no room for {{size_bytes}}: you may store {{quota_bytes}}, of which {{stored_bytes}} are used and {{reserved_bytes}} reserved. Delete recordings that you no longer need.",
  storage_full:
    "The service’s disk is full. Ask whoever runs it to make room, then send again; nothing is lost.",
  too_large: "The file has {{size_bytes}}; the service takes up to {{max_bytes}}.",
  too_many_uploads:
    "{{open_uploads}} of your uploads are unfinished, and no more than {{max_open_uploads}} may be. Finish or discard some.",
  too_slow: "The line is too slow: the service waited for bytes and none came.",
  upload_cancelled:
    "This upload was discarded, here or elsewhere. It can be sent from the beginning.",
  upload_expired:
    "Nothing came for so long that the service removed what it had. It can be sent from the beginning.",
  upload_not_found:
    "The service does not know this upload any more. It can be sent from the beginning.",
  verification_failed:
    "The service could not check the recording to its end. Send again to have it tried anew.",
} as const;
