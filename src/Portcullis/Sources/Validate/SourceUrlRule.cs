using Portcullis.Clients.Git;
using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;

namespace Portcullis.Sources.Validate;

/// <summary>Addresses that git is never given here, and those that need a Secret: judged by the very code that connects.</summary>
internal sealed class SourceUrlRule(bool allowLocal) : IRevisionRule
{
    public const string SshNeedsSecret = "ssh needs spec.secretRef with the keys identity and known_hosts";

    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        foreach (var declared in revision.Of(GitSource.Definition))
        {
            var spec = TypedObject.Read<GitSource>(declared.Value).Spec;
            var url = GitUrl.Parse(spec.Url, allowLocal, out var problem);
            if (url is null)
            {
                yield return new RevisionProblem(declared.PositionOf("spec.url"), $"GitSource {declared.Key}: spec.url: {problem}");
            }
            else if (url.Transport == GitTransport.Ssh && spec.SecretRef is null)
            {
                yield return new RevisionProblem(declared.PositionOf("spec.url"), $"GitSource {declared.Key}: spec.url: {SshNeedsSecret}");
            }
        }
    }
}
