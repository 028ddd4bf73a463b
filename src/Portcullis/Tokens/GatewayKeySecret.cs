using System.Text.Json.Serialization.Metadata;
using Portcullis.Core;
using Portcullis.Identity.Stored;

namespace Portcullis.Tokens;

/// <summary>
/// The Secret with the keys of tokens for clients, which all gateways share: <c>current.pem</c> signs, <c>previous.pem</c>, if there, is accepted as
/// well. To rotate by hand, rename the one to the other: a gateway makes a new current one.
/// </summary>
internal sealed record GatewayKeySecret : IResource<GatewayKeySecret>
{
    public const string Name = "portcullis-gateway-token-keys";
    public const string Purpose = "token-keys";
    public const string CurrentKey = "current.pem";
    public const string PreviousKey = "previous.pem";

    public static ApiResource Definition => ClusterKinds.Secret;

    public static JsonTypeInfo<GatewayKeySecret> JsonType => GatewayKeySecretJsonContext.Default.GatewayKeySecret;

    public required ObjectMeta Metadata { get; init; }

    public IReadOnlyDictionary<string, string>? Data { get; init; }

    /// <summary>The key in PEM; null when there is none.</summary>
    public string? Pem(string key) => SecretText.Of(Data, key);
}
