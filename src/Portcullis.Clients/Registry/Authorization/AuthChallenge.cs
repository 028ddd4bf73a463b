namespace Portcullis.Clients.Registry.Authorization;

/// <summary>One way to authenticate that a server offers (RFC 9110, 11.3).</summary>
/// <param name="Scheme">For example Bearer; its case does not matter.</param>
/// <param name="Parameters">By name, whose case does not matter; the first of a name counts.</param>
public sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when it is not there.</summary>
    public string? Parameter(string name) => Parameters.GetValueOrDefault(name);
}
