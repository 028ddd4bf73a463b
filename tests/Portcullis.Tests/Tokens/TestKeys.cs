using Portcullis.Tokens;

namespace Portcullis.Tests.Tokens;

/// <summary>Keys for clients' tokens, the current one first.</summary>
internal sealed class TestKeys : IGatewayKeys
{
    public GatewayKeySet? Keys { get; set; } = Set(Es256Key.NewPem());

    public static GatewayKeySet Set(params string[] pems)
    {
        var keys = pems.Select(p => new Es256Key(Es256Key.FromPem(p))).ToList();
        return new GatewayKeySet(keys[0], keys);
    }
}
