package keeper

import (
	"log/slog"
	"os"
)

var logger = slog.New(slog.NewTextHandler(os.Stdout, nil))

func log(message string, keysAndValues ...any) {
	logger.Info(message, keysAndValues...)
}
