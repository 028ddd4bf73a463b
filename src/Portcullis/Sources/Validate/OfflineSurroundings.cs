using System.Text.Json;
using Portcullis.Core.Kinds;
using Portcullis.Core.Scopes;
using Portcullis.Core.Sources;
using Portcullis.Errors;

namespace Portcullis.Sources.Validate;

/// <summary>Whose revision it is where there is no cluster to ask: that of a GitSource in a file, else that of a root source whose signatures are verified.</summary>
internal static class OfflineSurroundings
{
    /// <summary>Everything that is declared beside the GitSource counts as in force.</summary>
    /// <exception cref="CommandException">The files do not read, or do not hold one GitSource.</exception>
    public static RevisionSurroundings Of(string? sourcePath, KindSet kinds)
    {
        if (sourcePath is null)
        {
            return new RevisionSurroundings { Holder = new ScopeHolder("root", true, new SourceScope(), true), AllowLocal = true };
        }

        var (files, unread, _) = OfflineRevision.FromDisk(sourcePath, kinds);
        var problems = unread.Concat(files.SelectMany(f => f.File.Problems.Select(p => new RevisionProblem(new SourcePosition(f.Path, p.Line), p.Message)))).ToList();
        var manifests = files.SelectMany(f => f.File.Manifests).Where(m => kinds.Find(m.ApiVersion, m.Kind) is not null).ToList();
        var sources = manifests.FindAll(m => m.Kind == GitSource.Definition.Kind);
        if (problems.Count > 0 || sources is not [var source])
        {
            throw new CommandException(ExitCode.WrongInput, problems.Count > 0 ? string.Join("; ", problems) : sources.Count == 0
                ? $"{sourcePath} holds no GitSource"
                : $"{sourcePath} holds {sources.Count} GitSources ({string.Join(", ", sources.Select(s => s.Key))}): name a file that holds one");
        }

        var spec = source.ToObject().Deserialize(GitSource.JsonType)!.Spec;
        return new RevisionSurroundings
        {
            Holder = new ScopeHolder(source.Key.Name, false, spec.Scope ?? new SourceScope(), spec.Verify is not null),
            InForce = [.. manifests.Select(m => m.ToObject())],
            AllowLocal = true,
        };
    }
}
