namespace Portcullis.Objects.Yaml;

/// <summary>Ends the reading of one document; caught where the document began.</summary>
internal sealed class YamlFault(YamlPosition position, string message) : Exception(message)
{
    public YamlPosition Position { get; } = position;
}
