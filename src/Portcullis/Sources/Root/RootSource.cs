using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Scopes;
using Portcullis.Core.Sources;
using Portcullis.Errors;
using Portcullis.Objects.Json;
using Portcullis.Sources.Validate;

namespace Portcullis.Sources.Root;

/// <summary>
/// The one GitSource that no other declares: it may declare everything, and stands in the operator's start parameters. As a manifest, so that it is
/// read, checked and written like any other.
/// </summary>
internal static class RootSource
{
    /// <summary>From single parameters; what is empty is left to the defaults.</summary>
    /// <exception cref="CommandException">A parameter is wrong.</exception>
    public static RevisionObject From(string name, string url, KindSet kinds, string branch = "", string path = "", string interval = "1m")
    {
        var spec = new JsonObject { ["url"] = url, ["interval"] = interval };
        if (branch.Length > 0)
        {
            spec["ref"] = new JsonObject { ["branch"] = branch };
        }

        if (path.Length > 0)
        {
            spec["path"] = path;
        }

        var manifest = new JsonObject
        {
            ["apiVersion"] = GitSource.Definition.ApiVersion,
            ["kind"] = GitSource.Definition.Kind,
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = spec,
        };
        return Check(new RevisionFile("the start parameters", new ManifestReader(kinds).Read(KubernetesJson.ToBytes(manifest))), name, kinds);
    }

    /// <summary>From the content of a file that holds its manifest and nothing else.</summary>
    /// <exception cref="CommandException">It holds something else.</exception>
    public static RevisionObject Read(string file, byte[] content, string name, KindSet kinds) =>
        Check(new RevisionFile(file, new ManifestReader(kinds).Read(content)), name, kinds);

    private static RevisionObject Check(RevisionFile file, string name, KindSet kinds)
    {
        var content = RevisionContent.Assemble([file], kinds, (_, _) => null);
        var around = new RevisionSurroundings { Holder = new ScopeHolder(name, true, new SourceScope(), true), AllowLocal = true, IsStart = true };
        var problems = RevisionJudgement.Problems(content, [], around, kinds);
        if (problems.Count > 0)
        {
            throw new CommandException(ExitCode.WrongInput, string.Join("; ", problems));
        }

        return content.Objects is [var one] && one.Identity == ObjectIdentity.Of(GitSource.Definition.ApiVersion, GitSource.Definition.Kind, ObjectKey.Cluster(name))
            ? one
            : throw new CommandException(ExitCode.WrongInput, $"{file.Path} must hold the GitSource {name} (--root-source) and nothing else");
    }
}
