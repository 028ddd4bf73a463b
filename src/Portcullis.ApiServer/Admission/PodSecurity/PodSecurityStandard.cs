using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.PodSecurity;

/// <summary>The three Pod Security Standards, loosest first (https://kubernetes.io/docs/concepts/security/pod-security-standards/).</summary>
internal enum PodSecurityStandard
{
    Privileged,
    Baseline,
    Restricted,
}

/// <summary>A level as of a Kubernetes minor version; null is the latest.</summary>
internal readonly record struct PodSecurityPolicy(PodSecurityStandard Level, int? Minor)
{
    public override string ToString()
    {
        var version = Minor is { } minor ? $"v1.{minor.ToString(CultureInfo.InvariantCulture)}" : "latest";
        return $"{Level.ToString().ToLowerInvariant()}:{version}";
    }
}

/// <summary>What a namespace's labels ask for (https://kubernetes.io/docs/concepts/security/pod-security-admission/).</summary>
internal sealed record PodSecurityLabels(PodSecurityPolicy Enforce, PodSecurityPolicy Warn, IReadOnlyList<string> Errors)
{
    private const string Prefix = "pod-security.kubernetes.io/";

    public bool IsPrivileged => Enforce.Level == PodSecurityStandard.Privileged && Warn.Level == PodSecurityStandard.Privileged;

    public static PodSecurityLabels Read(JsonObject? @namespace)
    {
        var labels = @namespace.Object("metadata").Object("labels");
        var errors = new List<string>();
        var enforce = ReadMode(labels, "enforce", PodSecurityStandard.Privileged, errors);
        var warn = ReadMode(labels, "warn", PodSecurityStandard.Restricted, errors);

        // Of auditing only the errors count: there is no audit log here.
        _ = ReadMode(labels, "audit", PodSecurityStandard.Restricted, errors);

        // Where only enforcement is labelled, creators of pod templates are warned by the level that their pods will be checked against.
        return new PodSecurityLabels(enforce, Follow(labels, "warn", warn, enforce), errors);
    }

    private static PodSecurityPolicy Follow(JsonObject? labels, string mode, PodSecurityPolicy own, PodSecurityPolicy enforce) =>
        labels.String(Prefix + mode) is null && labels.String($"{Prefix}{mode}-version") is null && enforce.Level > own.Level ? enforce : own;

    /// <summary>A level that cannot be read is <paramref name="fallback"/>: the loosest to enforce, the strictest to warn of.</summary>
    private static PodSecurityPolicy ReadMode(JsonObject? labels, string mode, PodSecurityStandard fallback, List<string> errors)
    {
        var level = PodSecurityStandard.Privileged;
        if (labels.String(Prefix + mode) is { } text && !TryLevel(text, out level))
        {
            level = mode == "enforce" ? PodSecurityStandard.Restricted : fallback;
            errors.Add(
                $"metadata.labels[{Prefix}{mode}]: Invalid value: \"{text}\": must be one of privileged, baseline, restricted");
        }

        int? minor = null;
        if (labels.String($"{Prefix}{mode}-version") is { } version && !TryVersion(version, out minor))
        {
            errors.Add($"metadata.labels[{Prefix}{mode}-version]: Invalid value: \"{version}\": must be \"latest\" or \"v1.x\"");
        }

        return new PodSecurityPolicy(level, minor);
    }

    private static bool TryLevel(string text, out PodSecurityStandard level)
    {
        level = text switch { "restricted" => PodSecurityStandard.Restricted, "baseline" => PodSecurityStandard.Baseline, _ => PodSecurityStandard.Privileged };
        return text is "restricted" or "baseline" or "privileged";
    }

    private static bool TryVersion(string text, out int? minor)
    {
        minor = null;
        if (text == "latest")
        {
            return true;
        }

        if (!text.StartsWith("v1.", StringComparison.Ordinal) ||
            !int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || text != $"v1.{number}")
        {
            return false;
        }

        minor = number;
        return true;
    }
}
