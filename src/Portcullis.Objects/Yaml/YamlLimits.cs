using Portcullis.Objects.Json;

namespace Portcullis.Objects.Yaml;

/// <summary>What a text may cost before it is refused: no input exhausts memory, the stack or time.</summary>
public sealed record YamlLimits
{
    public static YamlLimits Default { get; } = new();

    /// <summary>Bytes of the whole stream.</summary>
    public int MaxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How deep values may nest; never more than <see cref="KubernetesJson.MaxDepth"/>, the root counting one.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>Values of the whole stream: every map, list, text, number, boolean and null, and each document at least one.</summary>
    public int MaxValues { get; init; } = 300_000;

    /// <summary>Values that aliases and merge keys may add to one document: an alias bomb ends here.</summary>
    public int MaxAliasedValues { get; init; } = 20_000;

    /// <summary>Errors after which the rest of the stream is left unread.</summary>
    public int MaxErrors { get; init; } = 100;
}
