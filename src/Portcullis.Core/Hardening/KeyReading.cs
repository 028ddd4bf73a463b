using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>A key as the engine shows it. <see cref="Shown"/> is null when it does not.</summary>
public sealed record KeyReading(string Key, JsonNode? Shown, string ReadFrom, bool Agrees);
