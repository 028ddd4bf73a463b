using System.Text.Json.Serialization.Metadata;
using Portcullis.Core;

namespace Portcullis.Identity.Stored;

/// <summary>A Secret that a source may use; among them are those with the passwords of Organizations.</summary>
internal sealed record SourceSecret : IResource<SourceSecret>
{
    public static ApiResource Definition => ClusterKinds.Secret;

    public static JsonTypeInfo<SourceSecret> JsonType => StoredSecretsJsonContext.Default.SourceSecret;

    public required ObjectMeta Metadata { get; init; }

    public IReadOnlyDictionary<string, string>? Data { get; init; }
}
