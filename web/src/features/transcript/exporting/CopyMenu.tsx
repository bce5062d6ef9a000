import { Alert, Button, Menu } from "@mantine/core";
import { IconCheck, IconChevronDown, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { OpenTranscript } from "../open-transcript";
import { describeFault, useCopyExport } from "./use-copy-export";

const kinds = {
  text: { speakers: false, timestamps: false },
  withSpeakers: { speakers: true, timestamps: false },
  withTimes: { speakers: false, timestamps: true },
  withBoth: { speakers: true, timestamps: true },
} as const;

/** The text for the clipboard, with or without who says it and when. */
export function CopyMenu({ transcript }: { transcript: OpenTranscript }) {
  const { t } = useTranslation();
  const copy = useCopyExport(transcript);
  const icon = { size: 16, "aria-hidden": true };
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button
            variant="default"
            loading={copy.isPending}
            leftSection={copy.isSuccess ? <IconCheck {...icon} /> : <IconCopy {...icon} />}
            rightSection={<IconChevronDown size={14} aria-hidden="true" />}
          >
            <span aria-live="polite">{copy.isSuccess ? t("app.copied") : t("app.copy")}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => (
            <Menu.Item
              key={kind}
              onClick={() => {
                copy.mutate((revision) => ({ format: "txt", revision, ...kinds[kind] }));
              }}
            >
              {t(`exporting.copyKind.${kind}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {copy.isError && (
        <Alert color="red" variant="light" role="alert" title={t("exporting.copyFailed")}>
          {describeFault(copy.error, t)}
        </Alert>
      )}
    </>
  );
}
