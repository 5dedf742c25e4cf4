# sitecustomize: OpenTelemetry as its users set it up for outgoing calls, with spans that go nowhere.
# SPDX-License-Identifier: Apache-2.0
import importlib
import sys

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult


class Nowhere(SpanExporter):
    def export(self, spans):
        return SpanExportResult.SUCCESS


provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(Nowhere()))
trace.set_tracer_provider(provider)

# What a program calls with, and no more: its other libraries would be imported for nothing.
INSTRUMENTORS = {
    "urllib3": [("urllib3", "URLLib3Instrumentor")],
    "requests": [("requests", "RequestsInstrumentor"), ("urllib3", "URLLib3Instrumentor")],
    "httpx": [("httpx", "HTTPXClientInstrumentor")],
    "httpx_async": [("httpx", "HTTPXClientInstrumentor")],
    "aiohttp": [("aiohttp_client", "AioHttpClientInstrumentor")],
}
for name, instrumentor in INSTRUMENTORS[sys.orig_argv[2]]:
    getattr(importlib.import_module(f"opentelemetry.instrumentation.{name}"), instrumentor)().instrument()
