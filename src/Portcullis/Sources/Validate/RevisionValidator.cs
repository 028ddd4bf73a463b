using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Sources.Apply;

namespace Portcullis.Sources.Validate;

/// <summary>
/// Judges a whole revision before the first write: as everybody does, and (for kinds whose schema is not ours) by the server's own validation
/// in a dry run.
/// </summary>
internal sealed class RevisionValidator(KubernetesClient client, LiveObjects live, ServerValidation server, KindSet kinds, GitSourcesOptions options)
{
    public async Task<(RevisionContent Content, IReadOnlyList<RevisionProblem> Problems)> ValidateAsync(
        GitSource source, IReadOnlyList<RevisionFile> files, IReadOnlyList<RevisionProblem> found, CancellationToken cancellationToken)
    {
        var foreign = await ForeignKinds.FindAsync(client, files, kinds, cancellationToken);
        var content = RevisionContent.Assemble(
            files, kinds, (apiVersion, kind) => foreign.GetValueOrDefault((apiVersion, kind)), await NewerServer.JudgesUnknownFieldsAsync(client, files, cancellationToken));

        // All of our kinds, not only those declared here: a Grant may name a Collection of another source.
        var ours = kinds.Declarable.Select(k => k.Resource);
        await live.FollowAsync(ours.Concat(content.Objects.Select(o => o.Resource)), cancellationToken);
        var around = new RevisionSurroundings
        {
            Holder = source.ToScopeHolder(options.RootSource),
            InForce = live.OwnedByOthers(source.Key.Name),
            OwnerOf = live.OwnerOf,
            AllowLocal = options.AllowLocal,
            RootSource = options.RootSource,
        };
        var problems = RevisionJudgement.Problems(content, found, around, kinds);
        return (content, problems.Count > 0 ? problems : await server.CheckAsync(source.Key.Name, content, IsInForce, cancellationToken));
    }

    private bool IsInForce(RevisionObject one) => live.Find(one.Identity)?.ContentDigest == one.Manifest.Digest;
}
