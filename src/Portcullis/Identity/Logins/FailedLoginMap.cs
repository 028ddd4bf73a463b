using System.Text.Json.Serialization.Metadata;
using Portcullis.Core;

namespace Portcullis.Identity.Logins;

/// <summary>The ConfigMap by which the copies of the gateway share what failed: a key for each copy, which it alone writes.</summary>
internal sealed record FailedLoginMap : IResource<FailedLoginMap>
{
    public const string Name = "portcullis-gateway-failed-logins";
    public const string Purpose = "failed-logins";

    public static ApiResource Definition => ClusterKinds.ConfigMap;

    public static JsonTypeInfo<FailedLoginMap> JsonType => FailedLoginsJsonContext.Default.FailedLoginMap;

    public required ObjectMeta Metadata { get; init; }

    public IReadOnlyDictionary<string, string>? Data { get; init; }
}
