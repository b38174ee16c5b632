package telemetry

import (
	"context"
	"fmt"
	"strings"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"

	"github.com/attrove/attrove-mcp/internal/project"
)

// scope names this program as the one who traces.
const scope = project.Module

// exports reports whether OpenTelemetry's own variables ask for traces to be
// sent. Without an endpoint the exporter would try one on this machine.
func exports(env Lookup) bool {
	get := func(name string) string {
		if env == nil {
			return ""
		}
		value, _ := env(name)
		return strings.TrimSpace(value)
	}
	return (get("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != "") &&
		!strings.EqualFold(get("OTEL_SDK_DISABLED"), "true") && !strings.EqualFold(get("OTEL_TRACES_EXPORTER"), "none")
}

// newProvider sends traces over OTLP/HTTP as OpenTelemetry's variables say.
func newProvider(ctx context.Context, o Options) (*sdk.TracerProvider, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("trace exporter (OTEL_EXPORTER_OTLP_*): %w", err)
	}
	about, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", project.Name), attribute.String("service.version", o.Version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv()) // what the environment says goes before
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	// It has no other way to say that traces are lost; it would print it.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(error) { o.Log.Warn().Msg("traces are lost: the collector did not take them") }))
	return sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about)), nil
}
