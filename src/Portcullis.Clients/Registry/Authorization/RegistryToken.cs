namespace Portcullis.Clients.Registry.Authorization;

/// <summary>A token that a token server gave.</summary>
/// <param name="Value">Secret.</param>
/// <param name="UseUntil">Shortly before it expires, so that it does not expire on its way.</param>
internal sealed record RegistryToken(string Value, DateTimeOffset UseUntil)
{
    public override string ToString() => $"a token until {UseUntil:u}";
}
