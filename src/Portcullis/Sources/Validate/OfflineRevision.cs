using System.Text.Json;
using Portcullis.Clients.Git;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Scopes;
using Portcullis.Core.Sources;
using Portcullis.Errors;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Validate;

/// <summary>
/// A revision read without any server: from a folder as it stands, or from a commit of the repository around it. Judged by the same
/// rules as in the operator, but for what only a cluster can know.
/// </summary>
internal sealed record OfflineRevision(int Files, RevisionContent Content, IReadOnlyList<RevisionProblem> Problems)
{
    /// <summary>What was left out without being wrong.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public static async Task<OfflineRevision> ReadAsync(string path, string? revision, ScopeHolder holder, KindSet kinds, CancellationToken cancellationToken)
    {
        var (files, problems, notes) = revision is null ? FromDisk(path, kinds) : await FromGitAsync(path, revision, kinds, cancellationToken);
        var brought = DeclaredKinds.Of(files);
        var content = RevisionContent.Assemble(files, kinds, (apiVersion, kind) => BuiltInKinds.Find(apiVersion, kind) ?? brought.GetValueOrDefault((apiVersion, kind)));
        var declared = content.ToDeclared(problems, []);
        return new OfflineRevision(
            files.Count,
            content,
            RevisionProblem.InOrder(problems.Concat(content.Problems).Concat(RevisionRules.Check(declared, kinds)).Concat(ScopeCheck.Check(declared, holder, kinds, _ => null))))
        {
            Notes = [.. notes, .. NeedingSignatures(declared, holder, kinds)],
        };
    }

    /// <summary>
    /// Offline nobody knows whether the root source verifies signatures, and it is taken to do so: what would be refused otherwise is said.
    /// </summary>
    private static IEnumerable<string> NeedingSignatures(DeclaredRevision declared, ScopeHolder holder, KindSet kinds) => holder is { IsRoot: true, Verified: true }
        ? ScopeCheck.Check(declared, holder with { Verified = false }, kinds, _ => null).Except(ScopeCheck.Check(declared, holder, kinds, _ => null)).Select(p => $"{p} (spec.verify)")
        : [];

    /// <summary>By whose scope it is judged: that of a GitSource in a file, else that of a root source whose signatures are verified.</summary>
    public static ScopeHolder HolderOf(string? sourceFile, KindSet kinds)
    {
        if (sourceFile is null)
        {
            return new ScopeHolder("root", true, new SourceScope(), true);
        }

        var (files, unread, _) = FromDisk(sourceFile, kinds);
        var problems = unread.Concat(files.SelectMany(f => f.File.Problems.Select(p => new RevisionProblem(new SourcePosition(f.Path, p.Line), p.Message)))).ToList();
        var manifest = files.SelectMany(f => f.File.Manifests).FirstOrDefault(m => m.Kind == GitSource.Definition.Kind)
            ?? throw new CommandException(ExitCode.WrongInput, problems.Count > 0 ? string.Join("; ", problems) : $"{sourceFile} holds no GitSource");
        var spec = manifest.ToObject().Deserialize(GitSource.JsonType)!.Spec;
        return new ScopeHolder(manifest.Key.Name, false, spec.Scope ?? new SourceScope(), spec.Verify is not null);
    }

    /// <summary>The repository around a path, and the path inside it; null when there is none.</summary>
    public static (string Repository, string Inside)? RepositoryOf(string path)
    {
        var full = Path.GetFullPath(path);
        for (var at = Directory.Exists(full) ? full : Path.GetDirectoryName(full); at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, ".git")))
            {
                return (LocalRepositoryWatcher.GitFolderOf(at), Path.GetRelativePath(at, full) is var inside && inside == "." ? "" : inside);
            }
        }

        var bare = File.Exists(Path.Combine(full, "HEAD")) && Directory.Exists(Path.Combine(full, "objects"));
        return bare ? (full, "") : null;
    }

    private static (IReadOnlyList<RevisionFile> Files, IReadOnlyList<RevisionProblem> Problems, IReadOnlyList<string> Notes) FromDisk(string path, KindSet kinds)
    {
        if (!Path.Exists(path))
        {
            throw new CommandException(ExitCode.WrongInput, $"{path}: there is no such file or folder");
        }

        return ManifestFolder.Read(path, new ManifestReader(kinds));
    }

    private static async Task<(IReadOnlyList<RevisionFile> Files, IReadOnlyList<RevisionProblem> Problems, IReadOnlyList<string> Notes)> FromGitAsync(
        string path, string revision, KindSet kinds, CancellationToken cancellationToken)
    {
        var (repository, inside) = RepositoryOf(path) ?? throw new CommandException(ExitCode.WrongInput, $"{path} is not in a Git repository");
        var scratch = Directory.CreateTempSubdirectory("portcullis-");
        try
        {
            var git = new GitRepository(new GitOptions { CacheFolder = scratch.FullName, AllowLocal = true }, repository, TimeProvider.System);
            var commit = await git.ResolveAsync(revision, cancellationToken)
                ?? throw new CommandException(ExitCode.WrongInput, $"{revision} is no commit of the repository {repository}");
            return await new ManifestTree(new ManifestReader(kinds), ManifestLimits.Default).ReadAsync(git, commit, inside, cancellationToken);
        }
        catch (GitException e)
        {
            throw new CommandException(ExitCode.WrongInput, e.Message);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
