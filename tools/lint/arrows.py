"""Include arrows run one way. The reasoning is in docs/explanation/architecture.md."""
from project import Finding

# A folder of src/ and the folders whose headers it may include, beside its own and the public ones.
ARROWS = {
    "base": (),
    "sys": ("base",),
    "policy": ("base",),
    "config": ("base", "policy"),
    "status": ("base", "sys"),
    "telemetry": ("base",),
    "connect": ("base",),
    "output": ("base", "sys"),
    "channel": ("base", "sys"),
    "worker": ("base", "sys", "status", "channel", "telemetry"),
    "forkserver": ("base", "sys", "channel", "telemetry", "worker"),
    "supervisor": ("base", "sys", "policy", "status", "channel", "telemetry", "output"),
    "cli": ("base", "sys", "policy", "config", "control", "output", "telemetry"),
    "control": ("base", "sys", "policy", "supervisor", "config", "output", "status", "telemetry"),
}
SEES_ASIO = ("channel", "worker", "supervisor", "control", "cli")
# Only connectors and examples know nothing but the public headers: they are what users write, too.
OUTSIDE = ("connectors", "examples")


def check(project):
    for name in project.files(("src", "include", "connectors", "examples", "plugins"), (".hpp", ".cpp")):
        layer, *rest = name.split("/")
        part = rest[0]
        for line, quote, included in project.includes(name):
            text = fault(layer, part, quote, included)
            if text:
                yield Finding(name, line, text)


def fault(layer, part, quote, included):
    target = included.split("/")[0]
    if layer == "src":
        if part not in ARROWS:
            return f"src/{part} is not in the table of arrows (tools/lint/arrows.py)"
        if included.startswith("boost/asio") and part not in SEES_ASIO:
            return f"src/{part} may not see Boost.Asio"
        if included.startswith("opentelemetry/") and part != "telemetry":
            return f"src/{part} may not see OpenTelemetry"
        if included.startswith(("sys/", "linux/")) and quote == "<" and part != "sys" and included != "sys/types.h":
            return f"<{included}> belongs to src/sys alone"
        if quote == '"' and target in ARROWS and target != part and target not in ARROWS[part]:
            return f"src/{part} may not include src/{target}"
        return None
    if layer == "plugins" and included.startswith(("base/rfc3339.hpp", "telemetry/", "cli/top_plugin.hpp", "cli/fields.hpp")):
        return None
    if quote == '"' and target in ARROWS:
        return f"{layer}/ may not include src/{target}: public headers only"
    if layer == "include" and quote == '"' and "/" in included and target != "lineshaft":
        return f"a public header may not include {included}"
    return None
