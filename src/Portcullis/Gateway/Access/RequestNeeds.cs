using Portcullis.Core.Identity;
using Portcullis.Core.Registries.Requests;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Gateway.Access;

/// <summary>What a request needs of its repository.</summary>
/// <param name="Actions">All of these.</param>
/// <param name="Administrator">Whether it is for administrators of the repository alone.</param>
internal readonly record struct RequestNeeds(RepositoryActions Actions, bool Administrator)
{
    private const RepositoryActions Write = RepositoryActions.Pull | RepositoryActions.Push;

    public static RequestNeeds Of(OfRepository request) => request switch
    {
        Tags or GetManifest or GetBlob or Referrers => new(RepositoryActions.Pull, false),
        DeleteManifest or DeleteBlob => new(RepositoryActions.Delete, false),
        DeleteRepository => new(Write | RepositoryActions.Delete, true),
        TrustData { Action: TrustDataAction.Read, Path: var path } when !path.EndsWith(".key", StringComparison.Ordinal) => new(RepositoryActions.Pull, false),
        TrustData { Action: TrustDataAction.Read or TrustDataAction.Publish } => new(RepositoryActions.Pull | RepositoryActions.Sign, false),
        TrustData { Action: TrustDataAction.RotateKey or TrustDataAction.Delete } => new(Write | RepositoryActions.Delete, true),

        // Uploads, manifests, and what is not known here: the more careful answer.
        _ => new(Write, false),
    };

    public bool AreMetBy(RepositoryRights rights) => rights.Allow(Actions) && (!Administrator || rights.IsAdministrator);

    /// <summary>As a scope of the token specification asks for it.</summary>
    public string ScopeOf(string name) => $"{TokenAccess.RepositoryType}:{name}:{(Administrator ? ActionNames.All : string.Join(',', ActionNames.Of(Actions)))}";
}
