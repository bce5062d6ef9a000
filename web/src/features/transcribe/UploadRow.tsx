import { memo } from "react";
import { SentJob } from "./SentJob";
import { UploadActions } from "./UploadActions";
import type { UploadItem } from "./upload-item";
import classes from "./UploadList.module.css";
import { uploads } from "./uploads";
import { UploadStatus } from "./UploadStatus";

/** One file: its upload first, then the job it became. */
export const UploadRow = memo(function UploadRow({ item }: { item: UploadItem }) {
  return (
    <li className={classes["row"]}>
      <span className={classes["name"]} title={item.name}>
        {item.name}
      </span>
      {item.job ? (
        <SentJob
          job={item.job}
          onDropped={() => {
            void uploads.remove(item.id);
          }}
        />
      ) : (
        <>
          <div className={classes["status"]}>
            <UploadStatus item={item} />
          </div>
          <div className={classes["actions"]}>
            <UploadActions item={item} />
          </div>
        </>
      )}
    </li>
  );
});
