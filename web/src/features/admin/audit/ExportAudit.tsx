import { Alert, Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { exportAuditEntries } from "@/api/generated";
import { describeProblem } from "@/lib/describe-problem";
import { saveFile } from "@/lib/download";
import type { AuditSearch } from "../search";
import { toQuery } from "./audit-query";

const formats = ["csv", "json"] as const;

/** Takes the log out as a file, as it is filtered; the taking out is an entry itself. */
export function ExportAudit({ search }: { search: AuditSearch }) {
  const { t } = useTranslation();
  const save = useMutation({
    mutationFn: async (format: (typeof formats)[number]) => {
      const { data } = await exportAuditEntries({
        query: { format, ...toQuery(search) },
        // The browser keeps a large file on its disk, not in the page's memory.
        parseAs: "blob",
        throwOnError: true,
      });
      // The type is the document's, whichever way it is read.
      saveFile(data as unknown as Blob, `audit.${format}`);
    },
  });
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button
            variant="default"
            loading={save.isPending}
            leftSection={<IconDownload size={16} aria-hidden="true" />}
            rightSection={<IconChevronDown size={14} aria-hidden="true" />}
          >
            {t("audit.export")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {formats.map((format) => (
            <Menu.Item
              key={format}
              onClick={() => {
                save.mutate(format);
              }}
            >
              {t(`audit.formats.${format}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {save.isError && (
        <Alert color="red" variant="light" role="alert" title={t("audit.exportFailed")}>
          {describeProblem(save.error, t)}
        </Alert>
      )}
    </>
  );
}
