using System.Text.Json.Serialization.Metadata;
using Portcullis.Core;

namespace Portcullis.Identity.Stored;

/// <summary>A Secret that holds a personal access token's digest, as far as the gateway reads it.</summary>
internal sealed record AccessTokenSecret : IResource<AccessTokenSecret>
{
    public static ApiResource Definition => ClusterKinds.Secret;

    public static JsonTypeInfo<AccessTokenSecret> JsonType => StoredSecretsJsonContext.Default.AccessTokenSecret;

    public required ObjectMeta Metadata { get; init; }

    public IReadOnlyDictionary<string, string>? Data { get; init; }
}
