using Portcullis.Clients.Git;
using Portcullis.Testing.Git;

namespace Portcullis.Clients.Tests.Git;

[TestFixture]
internal sealed class GitSignaturesTests
{
    private GitWorkspace _workspace = null!;
    private GitMirror _mirror = null!;

    [SetUp]
    public void SetUp()
    {
        _workspace = new GitWorkspace();
        _mirror = new GitMirror(
            new GitOptions { CacheFolder = _workspace.Cache, AllowLocal = true },
            new GitRemote(GitUrl.Parse(_workspace.Folder, true, out _)!),
            TimeProvider.System);
    }

    [TearDown]
    public void TearDown() => _workspace.Dispose();

    [Test]
    public async Task Accepts_a_commit_signed_with_an_allowed_ssh_key_and_names_its_fingerprint()
    {
        var key = _workspace.SignWithSsh();
        var commit = await CommitAsync();

        var (signature, problem) = await _mirror.Signatures.VerifyCommitAsync(commit, Keys("ann.sshpub", key), default);

        Assert.That(problem, Is.Null);
        Assert.That(signature!.Key, Is.EqualTo(_workspace.Run("ssh-keygen", _workspace.Root, "-lf", Path.Combine(_workspace.Root, "signer.pub")).Split(' ')[1]));
    }

    [Test]
    public async Task Refuses_a_commit_signed_with_another_ssh_key_and_names_it()
    {
        var allowed = _workspace.SignWithSsh("allowed");
        _workspace.SignWithSsh("other");
        var commit = await CommitAsync();

        var (signature, problem) = await _mirror.Signatures.VerifyCommitAsync(commit, Keys("ann.sshpub", allowed), default);

        Assert.That(signature, Is.Null);
        Assert.That(problem, Does.Contain("SHA256:").And.Contain("not among those allowed"));
    }

    [Test]
    public async Task Refuses_a_commit_without_signature()
    {
        var key = _workspace.SignWithSsh();
        _workspace.Git("config", "commit.gpgsign", "false");
        var commit = await CommitAsync();

        var (signature, problem) = await _mirror.Signatures.VerifyCommitAsync(commit, Keys("ann.sshpub", key), default);

        Assert.That(signature, Is.Null);
        Assert.That(problem, Is.EqualTo($"{commit[..12]} is not signed"));
    }

    [Test]
    public async Task Accepts_gpg_and_refuses_unknown_and_tampered()
    {
        var key = _workspace.SignWithGpg();
        var commit = await CommitAsync();
        var forged = Forge(commit);
        await _mirror.FetchAsync("refs/heads/forged", default);
        var stranger = new GitWorkspace();
        var unknown = stranger.SignWithGpg("Eve");

        var good = await _mirror.Signatures.VerifyCommitAsync(commit, Keys("ann.asc", key), default);
        var other = await _mirror.Signatures.VerifyCommitAsync(commit, Keys("eve.asc", unknown), default);
        var tampered = await _mirror.Signatures.VerifyCommitAsync(forged, Keys("ann.asc", key), default);
        _workspace.StopGpg();
        stranger.StopGpg();
        stranger.Dispose();

        Assert.Multiple(() =>
        {
            Assert.That(good.Problem, Is.Null);
            Assert.That(good.Signature!.Signer, Is.EqualTo("Ann <ANN@example.com>"));
            Assert.That(good.Signature.Key, Has.Length.EqualTo(40));
            Assert.That(other.Problem, Does.Contain("unknown GPG key"));
            Assert.That(tampered.Problem, Does.Contain("the signature is bad"));
        });
    }

    [Test]
    public async Task Verifies_annotated_tags_by_the_name_that_was_signed()
    {
        var key = _workspace.SignWithSsh();
        _workspace.Write("a.yaml", "one").Commit();
        _workspace.Git("tag", "-s", "v1.0.0", "-m", "first");
        _workspace.Git("-c", "tag.gpgsign=false", "tag", "light");
        _workspace.Git("update-ref", "refs/tags/v2.0.0", _workspace.Git("rev-parse", "v1.0.0"));
        var tag = await _mirror.FetchedAsync("refs/tags/v1.0.0");

        var good = await _mirror.Signatures.VerifyTagAsync(tag, "v1.0.0", Keys("ann.sshpub", key), default);
        var renamed = await _mirror.Signatures.VerifyTagAsync(tag, "v2.0.0", Keys("ann.sshpub", key), default);
        var light = await _mirror.Signatures.VerifyTagAsync(_workspace.Head, "light", Keys("ann.sshpub", key), default);

        Assert.Multiple(() =>
        {
            Assert.That(good.Problem, Is.Null);
            Assert.That(renamed.Problem, Does.Contain("signed under the name v1.0.0"));
            Assert.That(light.Problem, Does.Contain("not annotated"));
        });
    }

    private async Task<string> CommitAsync()
    {
        _workspace.Write("a.yaml", "one").Commit();
        return await _mirror.FetchedAsync("refs/heads/main");
    }

    /// <summary>The same signature over other words.</summary>
    private string Forge(string commit)
    {
        var raw = _workspace.Git("cat-file", "commit", commit).Replace("\nchange", "\nforged", StringComparison.Ordinal) + "\n";
        var file = Path.Combine(_workspace.Root, "forged");
        File.WriteAllText(file, raw);
        var id = _workspace.Git("hash-object", "-t", "commit", "-w", file);
        _workspace.Git("update-ref", "refs/heads/forged", id);
        return id;
    }

    private static GitKeyring Keys(string name, string key) => new(new Dictionary<string, string> { [name] = key });
}
