using Portcullis.Core.Registries.Requests;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Gateway;

/// <summary>How the audit and the metrics name a request.</summary>
internal static class RequestWords
{
    /// <summary>One of a few words.</summary>
    public static string VerbOf(RegistryRequest request) => request switch
    {
        Ping => "ping",
        Catalog or Tags or Referrers => "list",
        GetManifest { HeadOnly: true } or GetBlob { HeadOnly: true } => "check",
        GetManifest => "pull",
        GetBlob => "pull-blob",
        PutManifest => "push",
        StartUpload or OfUpload => "upload",
        DeleteManifest or DeleteBlob or DeleteRepository => "delete",
        TrustData { Action: TrustDataAction.Read } => "read-trust",
        TrustData => "write-trust",
        Token => "token",
        Ca => "ca",
        _ => "invalid",
    };

    public static string SubjectOf(RegistryRequest request, string host) => request switch
    {
        OfManifest { IsByDigest: true } one => $"{host}/{one.Repository}@{one.Reference}",
        OfManifest one => $"{host}/{one.Repository}:{one.Reference}",
        OfBlob one => $"{host}/{one.Repository}@{one.Digest}",
        Referrers one => $"{host}/{one.Repository}@{one.Digest}",
        OfRepository one => $"{host}/{one.Repository}",
        _ => host,
    };

    /// <summary>Requests that a client makes by the hundred for one pull or push, and those that change and show nothing.</summary>
    public static bool IsPart(RegistryRequest request) => request is Ping or GetBlob or OfUpload or StartUpload or GetManifest { HeadOnly: true } or TrustData { Action: TrustDataAction.Read };
}
