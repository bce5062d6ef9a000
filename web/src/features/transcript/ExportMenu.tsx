import { Alert, Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import { type ExportFormat, exportFormats, saveExport } from "./save-export";
import classes from "./ExportMenu.module.css";

interface ExportMenuProps {
  jobId: string;
  name: string;
}

/** Every format the service writes, each one choice away. */
export function ExportMenu({ jobId, name }: ExportMenuProps) {
  const { t } = useTranslation();
  const save = useMutation({
    mutationFn: (format: ExportFormat) => saveExport(jobId, name, format),
  });
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button
            loading={save.isPending}
            leftSection={<IconDownload size={16} aria-hidden="true" />}
            rightSection={<IconChevronDown size={14} aria-hidden="true" />}
          >
            {t("transcript.export")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t("transcript.exportAs")}</Menu.Label>
          {exportFormats.map((format) => (
            <Menu.Item
              key={format}
              rightSection={<span className={classes["extension"]}>.{format}</span>}
              onClick={() => {
                save.mutate(format);
              }}
            >
              {t(`transcript.formats.${format}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {save.isError && (
        <Alert color="red" variant="light" role="alert" title={t("transcript.exportFailed")}>
          {describeProblem(save.error, t)}
        </Alert>
      )}
    </>
  );
}
