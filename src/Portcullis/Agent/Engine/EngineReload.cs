namespace Portcullis.Agent.Engine;

/// <summary>An event <c>reload</c> of the engine: when (in nanoseconds since 1970), and the values in force since then.</summary>
internal sealed record EngineReload(long At, IReadOnlyDictionary<string, string> Attributes);
