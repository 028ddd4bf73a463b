using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Hardening;

/// <summary>Compares desired keys with what the engine shows: an exit code proves nothing.</summary>
public static class EngineReadBack
{
    public static KeyReading Read(string key, JsonNode wanted, EngineSettings settings)
    {
        var place = DaemonKeys.Find(key) is { } known && settings.Version >= known.ReadBackSince ? known.ReadBack : ReadBackPlace.None;
        var shown = At(place, key, wanted, settings);
        if (shown is null && key == DaemonFeatures.Key)
        {
            place = ReadBackPlace.ReloadEvent;
            shown = DaemonFeatures.FromEvent(wanted, settings.ReloadEvent?.GetValueOrDefault(key));
        }

        var from = shown is null ? "file" : place switch
        {
            ReadBackPlace.Info => "info",
            ReadBackPlace.BridgeNetwork => "network",
            _ => "event",
        };
        return new KeyReading(key, shown, from, shown is null || Agrees(key, wanted, shown));
    }

    /// <summary>Whether an engine shows the whole value of a key: of some it shows only names, or that there is a value, or more than was set.</summary>
    public static bool IsWhole(string key) =>
        key is not (DaemonFeatures.Key or "exec-opts" or "insecure-registries" or "proxies" or "runtimes" or "seccomp-profile" or "userns-remap");

    private static JsonNode? At(ReadBackPlace place, string key, JsonNode wanted, EngineSettings settings) => place switch
    {
        ReadBackPlace.Info when settings.Info is { } info => InfoReadBack.Read(key, wanted, info),
        ReadBackPlace.BridgeNetwork when settings.BridgeOptions is { } options => FromBridge(key, options),
        ReadBackPlace.ReloadEvent when settings.ReloadEvent is { } attributes => FromEvent(key, wanted, attributes.GetValueOrDefault(key)),
        _ => null,
    };

    private static bool Agrees(string key, JsonNode wanted, JsonNode shown) => key switch
    {
        // /info adds defaults: 127.0.0.0/8, the runtimes that ship with the engine.
        "insecure-registries" => JsonTexts.Of(wanted).IsSubsetOf(JsonTexts.Of(shown)),
        "runtimes" => wanted is JsonObject asked && shown is JsonObject has && asked.All(p => has[p.Key] is { } runtime && IsSamePath(p.Value, runtime)),
        "labels" or "authorization-plugins" or "node-generic-resources" => JsonTexts.Of(wanted).SetEquals(JsonTexts.Of(shown)),
        "registry-mirrors" => JsonTexts.Of(wanted).Select(m => m.TrimEnd('/')).ToHashSet(StringComparer.Ordinal).SetEquals(JsonTexts.Of(shown).Select(m => m.TrimEnd('/'))),

        // A driver is shown also when none was asked for; of the switches and proxies only some are.
        "exec-opts" => !JsonTexts.Of(wanted).Any(o => o.StartsWith("native.cgroupdriver=", StringComparison.Ordinal)) || JsonTexts.Of(shown).IsSubsetOf(JsonTexts.Of(wanted)),
        DaemonFeatures.Key => shown is JsonObject switches && switches.All(p => JsonNode.DeepEquals(p.Value, wanted[p.Key])),
        "proxies" => wanted is JsonObject proxies && proxies.All(p => ProxyAddress.AreSame(JsonTexts.One(p.Value), JsonTexts.One(shown[p.Key]))),
        "containerd" => JsonTexts.One(wanted).Replace("unix://", "", StringComparison.Ordinal) is var address && (address.Length == 0 || address == JsonTexts.One(shown)),
        "cdi-spec-dirs" => JsonTexts.Of(wanted) is { Count: > 0 } folders
            ? folders.Where(f => f.Length > 0).ToHashSet(StringComparer.Ordinal).SetEquals(JsonTexts.Of(shown))
            : true,

        // Only whether there is a value is shown, not which.
        "userns-remap" => (wanted.GetValue<string>().Length > 0) == shown.GetValue<bool>(),
        "seccomp-profile" => wanted.GetValue<string>() is not ("" or "default" or "builtin" or "unconfined") || shown.GetValue<string>().Length > 0,
        "log-driver" or "storage-driver" or "data-root" or "default-runtime" => wanted.GetValue<string>() == shown.GetValue<string>(),

        // An engine reads an empty text as not set.
        _ => wanted is JsonValue value && value.TryGetValue(out string? text) && text.Length == 0 || JsonNode.DeepEquals(wanted, shown),
    };

    private static JsonNode? FromBridge(string key, JsonObject options) => key switch
    {
        "icc" when options.String("com.docker.network.bridge.enable_icc") is { } text => JsonValue.Create(text == "true"),
        "ip-masq" when options.String("com.docker.network.bridge.enable_ip_masquerade") is { } text => JsonValue.Create(text == "true"),
        "ip" when options.String("com.docker.network.bridge.host_binding_ipv4") is { } text => JsonValue.Create(text),
        "mtu" when options.String("com.docker.network.driver.mtu") is { } text => Number(text),
        _ => null,
    };

    private static JsonNode? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)) : null;

    private static bool IsSamePath(JsonNode? wanted, JsonNode shown) =>
        wanted.String("path") is not { Length: > 0 } path || shown.String("path") is not { Length: > 0 } other || path == other;

    /// <summary>Attributes are text: numbers plain, lists as JSON.</summary>
    private static JsonNode? FromEvent(string key, JsonNode wanted, string? text)
    {
        if (text is null)
        {
            return null;
        }

        // Shown in bytes.
        if (key == "default-shm-size")
        {
            return ByteSize.Parse(text) is { } bytes ? bytes == ByteSize.Parse(JsonTexts.One(wanted)) ? wanted.DeepClone() : JsonValue.Create(text) : null;
        }

        return wanted.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.Number => Number(text),
            System.Text.Json.JsonValueKind.Array => JsonNode.Parse(text),
            System.Text.Json.JsonValueKind.String => JsonValue.Create(text),
            _ => null,
        };
    }
}
