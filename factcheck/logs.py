"""Log lines: one JSON object a line, whatever a message contains."""

import json
import logging


class JsonLine(logging.Formatter):
    """Format a record as one line of JSON; line ends inside a message are escaped by the encoding."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
