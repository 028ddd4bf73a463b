using System.Globalization;
using Portcullis.Clients.Git;
using Portcullis.Core.Grants;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
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

    /// <summary>Reads and judges it. Only the root source's revision is taken to be all that there is.</summary>
    public static async Task<OfflineRevision> ReadAsync(string path, string? revision, RevisionSurroundings around, KindSet kinds, CancellationToken cancellationToken)
    {
        var (files, unread, notes) = await FilesAsync(path, revision, kinds, cancellationToken);
        var brought = DeclaredKinds.Of(files);
        var content = RevisionContent.Assemble(files, kinds, (apiVersion, kind) => BuiltInKinds.Find(apiVersion, kind) ?? brought.GetValueOrDefault((apiVersion, kind)));
        var (problems, unknown) = around.Holder.IsRoot
            ? (RevisionJudgement.Problems(content, unread, around, kinds), [])
            : RevisionJudgement.ProblemsOfPart(content, unread, around, kinds);
        return new OfflineRevision(files.Count, content, problems)
        {
            Notes =
            [
                .. notes,
                .. unknown.Select(p => $"{p} (unless another source declares it)"),
                .. OnlyWith(content, unread, around, around with { Holder = around.Holder with { Verified = around.Holder.Verified && !around.Holder.IsRoot } }, kinds, "spec.verify"),
                .. OnlyWith(content, unread, around, around with { AllowLocal = false }, kinds, "allowed by portcullis up"),
                .. Expired(content),
            ],
        };
    }

    /// <summary>A grant that ended is no mistake, but rarely what somebody means to add.</summary>
    private static IEnumerable<string> Expired(RevisionContent content) =>
        from one in content.Objects.Select(o => o.ToDeclared())
        where one.Resource.Group == Grant.Definition.Group && one.Resource.Kind == Grant.Definition.Kind
        let ends = TypedObject.Read<Grant>(one.Value).Spec.ExpiresAt
        where ends <= TimeProvider.System.GetUtcNow()
        select string.Create(CultureInfo.InvariantCulture, $"{one.PositionOf("spec.expiresAt")}: Grant {one.Key}: spec.expiresAt {ends.Value.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} has passed: the grant gives nothing");

    /// <summary>The commit before one; null for the first commit of a repository.</summary>
    public static async Task<string?> ParentOfAsync(string path, string revision, CancellationToken cancellationToken)
    {
        var parent = revision + "^";
        return await WithRepositoryAsync(path, async git => await git.ResolveAsync(revision, cancellationToken) is null || await git.ResolveAsync(parent, cancellationToken) is not null)
            ? parent
            : null;
    }

    /// <summary>The files of a folder, or of a commit of the repository around it.</summary>
    public static async Task<(IReadOnlyList<RevisionFile> Files, IReadOnlyList<RevisionProblem> Problems, IReadOnlyList<string> Notes)> FilesAsync(
        string path, string? revision, KindSet kinds, CancellationToken cancellationToken) =>
        revision is null ? FromDisk(path, kinds) : await FromGitAsync(path, revision, kinds, cancellationToken);

    /// <summary>Offline nobody knows how the program runs or whether the root source verifies signatures: what would be refused otherwise is said.</summary>
    private static IEnumerable<string> OnlyWith(
        RevisionContent content, IReadOnlyList<RevisionProblem> unread, RevisionSurroundings around, RevisionSurroundings stricter, KindSet kinds, string condition) =>
        RevisionJudgement.Problems(content, unread, stricter, kinds).Except(RevisionJudgement.Problems(content, unread, around, kinds)).Select(p => $"{p} ({condition})");

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

    internal static (IReadOnlyList<RevisionFile> Files, IReadOnlyList<RevisionProblem> Problems, IReadOnlyList<string> Notes) FromDisk(string path, KindSet kinds)
    {
        if (!Path.Exists(path))
        {
            throw new CommandException(ExitCode.WrongInput, $"{path}: there is no such file or folder");
        }

        return ManifestFolder.Read(path, new ManifestReader(kinds));
    }

    private static Task<(IReadOnlyList<RevisionFile> Files, IReadOnlyList<RevisionProblem> Problems, IReadOnlyList<string> Notes)> FromGitAsync(
        string path, string revision, KindSet kinds, CancellationToken cancellationToken) => WithRepositoryAsync(path, async git =>
    {
        var commit = await git.ResolveAsync(revision, cancellationToken)
            ?? throw new CommandException(ExitCode.WrongInput, await WhyNoneAsync(git, revision, cancellationToken));
        return await new ManifestTree(new ManifestReader(kinds), ManifestLimits.Default).ReadAsync(git, commit, RepositoryOf(path)!.Value.Inside, cancellationToken);
    });

    /// <summary>The parent of a first commit is what scripts ask for that compare each commit with the one before.</summary>
    private static async Task<string> WhyNoneAsync(GitRepository git, string revision, CancellationToken cancellationToken)
    {
        var unknown = $"{revision} is no commit of the repository {git.Folder}";
        var end = revision.AsSpan().IndexOfAny('^', '~');
        return end > 0 && await git.ResolveAsync(revision[..end], cancellationToken) is not null
            ? $"{unknown}: {revision[..end]} has fewer ancestors there (a shallow clone has only the last commits)"
            : unknown;
    }

    private static async Task<T> WithRepositoryAsync<T>(string path, Func<GitRepository, Task<T>> read)
    {
        var (repository, _) = RepositoryOf(path) ?? throw new CommandException(ExitCode.WrongInput, $"{path} is not in a Git repository");
        var scratch = Directory.CreateTempSubdirectory("portcullis-");
        try
        {
            return await read(new GitRepository(new GitOptions { CacheFolder = scratch.FullName, AllowLocal = true }, repository, TimeProvider.System));
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
