using System.Globalization;
using System.Text;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Tests.Sources;

namespace Portcullis.Tests.BadInput;

/// <summary>
/// Every kind of broken file, committed to a real repository: the whole revision stays out, the status says which line and what to do,
/// the revision before stays in force and is kept so, and the next commit without the fault is applied.
/// </summary>
internal sealed class BadManifestsTests
{
    private SourceWorld _world = null!;
    private int _turn;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _world = await SourceWorld.StartAsync();
        await _world.SourceAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _world.DisposeAsync();

    private static IEnumerable<TestCaseData> Files()
    {
        yield return Case("truncated", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: wo", 4, "while parsing a flow mapping, did not find expected ',' or '}'");
        yield return Case("cut inside a text", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \"b", 4, "while scanning a quoted scalar, found unexpected end of stream");
        yield return Case("binary", [0x7f, 0x45, 0x4c, 0x46, 0x02, 0x01, 0x00, 0xff], 1, "control character U+007F is not allowed; is this a binary file?");
        yield return Case("not UTF-8", [.. "apiVersion: v1\nkind: "u8, 0xe4, 0x0a], 2, "not UTF-8 text; is this a binary file?");
        yield return Case("UTF-16", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("apiVersion: v1\n")).ToArray(), 1, "not UTF-8 text; is this a binary file?");
        yield return Case("50 MB", new string('#', 50 * 1024 * 1024), 1, "has 52428800 bytes; the limit is 8388608");
        yield return Case("deeply nested lists", "a: " + new string('[', 50_000), 1, "nested deeper than 100 levels");
        yield return Case("deeply nested JSON", string.Concat(Enumerable.Repeat("{\"a\":", 50_000)), 1, "nested deeper than 100 levels");
        yield return Case("deeply nested blocks", string.Concat(Enumerable.Range(0, 120).Select(i => $"{new string(' ', i)}a:\n")) + new string(' ', 120) + "b", 101, "nested deeper than 100 levels");
        yield return Case("an alias bomb", Bomb(), 5, "document contains excessive aliasing");
        yield return Case("an alias of itself", "a: &a [*a]", 1, "anchor 'a' value contains itself");
        yield return Case("a key twice", SourceWorld.ConfigMap("b") + "  key: \"2\"\n", 8, "key \"key\" already set in map");
        yield return Case("a key twice in JSON", "{\"apiVersion\": \"v1\",\n\"kind\": \"ConfigMap\",\n\"kind\": \"Secret\"}", 3, "key \"kind\" already set in map");
        yield return Case("a tab", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: b\n", 4, "while scanning a mapping, found invalid tab as indentation");
        yield return Case("one bad document of three", SourceWorld.ConfigMap("b") + "---\nkind: [\n---\n" + SourceWorld.ConfigMap("c"), 10, "while parsing a node, did not find expected node content");
        yield return Case("a list", "- a\n- b\n", 1, "is not a Kubernetes object: a map with apiVersion, kind and metadata is expected");
        yield return Case("a text", "just words\n", 1, "is not a Kubernetes object: a map with apiVersion, kind and metadata is expected");
        yield return Case("no kind", "# nothing\napiVersion: v1\nmetadata: {name: b}\n", 2, "has no kind");
        yield return Case("no name", "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: work}\n", 3, "ConfigMap: metadata.name: Required value");
        yield return Case("a boolean for a name", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yes\n  namespace: work\n", 4, "ConfigMap: metadata.name: Invalid value: true: must be a string; put it in quotes");
        yield return Case("no namespace", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n", 3, "ConfigMap b: metadata.namespace: Required value");
        yield return Case("an unknown kind", "apiVersion: apps/v1\nkind: Deploymnt\nmetadata: {name: b, namespace: work}\n", 2, "there is no kind Deploymnt in apps/v1; did you mean kind: Deployment?");
        yield return Case("an unknown version", "apiVersion: apps/v7\nkind: Deployment\nmetadata: {name: b, namespace: work}\n", 2, "there is no kind Deployment in apps/v7; did you mean apiVersion: apps/v1?");
        yield return Case("an unknown kind of ours", "apiVersion: portcullis.dev/v1\nkind: collection\nmetadata: {name: b}\n", 2, "there is no kind collection in portcullis.dev/v1: write kind: Collection and apiVersion: portcullis.dev/v1alpha1");
        yield return Case("an unknown field of ours", "apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {name: b}\nspec:\n  path: /b\n  pth: /c\n", 6, "Collection b: spec.pth: unknown field; did you mean path?");
        yield return Case("an unknown field of another kind", SourceWorld.ConfigMap("b") + "dta: {}\n", 8, "ConfigMap work/b: dta: unknown field; did you mean data?");
        yield return Case("an unknown field deep in another kind", "apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: work}\nspec:\n  containers:\n  - name: b\n    imagePullPolcy: Always\n", 7, "Pod work/b: spec.containers[0].imagePullPolcy: unknown field; did you mean imagePullPolicy?");
        yield return Case("a value of another type in another kind", "apiVersion: v1\nkind: Service\nmetadata: {name: b, namespace: work}\nspec:\n  ports:\n  - port: http\n", 6, "Service work/b: spec.ports[0].port: Invalid value: \"http\": must be a 32-bit integer");
        yield return Case("a bad item of a List", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: b, namespace: work}\n- 5\n", 7, "is not a Kubernetes object");
        yield return Case("a List without items", "apiVersion: v1\nkind: List\nmetadata: {}\n", 1, "items: Required value: a List is a list of objects");
        yield return Case("an object of another file", SourceWorld.ConfigMap("a"), 1, "ConfigMap work/a is declared a second time; first at a.yaml:1");
        yield return Case("an object of another version", "apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {name: b}\nspec: {path: /b}\n---\napiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {name: b}\nspec: {path: /c}\n", 6, "Collection b is declared a second time; first at bad.yaml:1");
        yield return Case("an unfilled template", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name }}\n", 4, "a key must be a text, not a list or a map; this looks like a template: commit the rendered file, or exclude this one with .sourceignore");
        yield return Case("conflict marks", "<<<<<<< HEAD\napiVersion: v1\n=======\napiVersion: v2\n>>>>>>> other\n", 1, "is an unresolved merge conflict: resolve it and commit again");
        yield return Case("a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", 1, "is a Git LFS pointer and not the file itself: keep manifests out of Git LFS");
    }

    [TestCaseSource(nameof(Files))]
    public async Task Keeps_the_whole_revision_out_and_names_the_line(byte[] content, int line, string message)
    {
        var good = await GoodAsync();
        var kept = _turn.ToString(CultureInfo.InvariantCulture);
        var bad = _world.Git.Write("bad.yaml", content).Write("a.yaml", SourceWorld.ConfigMap("a", "refused")).Write("new.yaml", SourceWorld.ConfigMap("new")).Commit();

        var source = await _world.StatusAsync(s => s.Status!.LastAttemptedRevision == $"main@sha1:{bad}" && SourceWorld.Ready(s)?.Status == "False");

        var first = source.Status!.Problems![0];
        TestContext.Out.WriteLine($"{first.File}: {first.Message}");
        TestContext.Out.WriteLine(SourceWorld.Ready(source)!.Message);
        Assert.Multiple(async () =>
        {
            Assert.That(first.File, Is.EqualTo(string.Create(CultureInfo.InvariantCulture, $"bad.yaml:{line}")), first.Message);
            Assert.That(first.Message, Is.EqualTo(message));
            Assert.That(SourceWorld.Ready(source)!.Reason, Is.EqualTo("InvalidRevision"));
            Assert.That(SourceWorld.Ready(source)!.Message, Does.Contain($"bad.yaml:{line}").And.Contain($"{good[..8]} stays in force"));
            Assert.That(source.Status.InForceRevision, Is.EqualTo($"main@sha1:{good}"));
            Assert.That((await _world.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo(kept));
            Assert.That(await _world.ConfigMapAsync("new"), Is.Null);
        });
        await _world.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "a"), new DeleteOptions(), default);
        await Eventually.GetsAsync(() => _world.ConfigMapAsync("a"), a => a.Object("data").String("key") == kept);
        var mended = await GoodAsync();
        Assert.That((await _world.GetSourceAsync()).Status!.Problems, Is.Null, mended);
    }

    private static IEnumerable<TestCaseData> OddFiles()
    {
        yield return Odd("CRLF", SourceWorld.ConfigMap("odd").Replace("\n", "\r\n", StringComparison.Ordinal), "odd");
        yield return Odd("a byte order mark", "\uFEFF" + SourceWorld.ConfigMap("odd"), "odd");
        yield return Odd("tabs after values", SourceWorld.ConfigMap("odd").Replace("\n", "\t\n", StringComparison.Ordinal), "odd");
        yield return Odd("JSON with tabs", "{\n\t\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\",\n\t\"metadata\": {\"name\": \"odd\", \"namespace\": \"work\"},\n\t\"data\": {\"key\": \"1\"}\n}\n", "odd");
        yield return Odd("many documents, some empty", "---\n# a comment\n---\n" + SourceWorld.ConfigMap("odd") + "---\n---\n" + SourceWorld.ConfigMap("odd2") + "...\n", "odd", "odd2");
        yield return Odd("a List", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: odd, namespace: work}\n  data: {key: \"1\"}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: odd2, namespace: work}\n  data: {key: \"1\"}\n", "odd", "odd2");
        yield return Odd("a List of a kind", "apiVersion: v1\nkind: ConfigMapList\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: odd, namespace: work}\n  data: {key: \"1\"}\n", "odd");
        yield return Odd("an empty List", "apiVersion: v1\nkind: List\nitems: []\n");
        yield return Odd("nothing", "");
        yield return Odd("comments alone", "# later\n");
        yield return Odd("anchors", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: odd, namespace: work}\ndata:\n  key: &one \"1\"\n  again: *one\n", "odd");
    }

    [TestCaseSource(nameof(OddFiles))]
    public async Task Reads_what_kubectl_reads(string content, string[] names)
    {
        await GoodAsync();

        await _world.ReadyAsync(_world.Git.Write("odd.yaml", content).Commit());

        foreach (var name in names)
        {
            var made = await _world.ConfigMapAsync(name);
            Assert.That(made.Object("data").String("key"), Is.EqualTo("1"), name);
            Assert.That(made.Object("metadata").Object("annotations").String("portcullis.dev/source-path"), Does.Match("^odd.yaml:[0-9]+$"));
        }

        await GoodAsync();
        foreach (var name in names)
        {
            await Eventually.HoldsAsync(async () => await _world.ConfigMapAsync(name) is null);
        }
    }

    private static TestCaseData Case(string name, string content, int line, string message) => Case(name, Encoding.UTF8.GetBytes(content), line, message);

    private static TestCaseData Case(string name, byte[] content, int line, string message) =>
        new TestCaseData(content, line, message).SetArgDisplayNames(name);

    private static TestCaseData Odd(string name, string content, params string[] objects) => new TestCaseData(content, objects).SetArgDisplayNames(name);

    private static string Bomb()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            bomb.Append(CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        return bomb.ToString();
    }

    /// <summary>A revision like no other before it, without anything bad, in force.</summary>
    private async Task<string> GoodAsync()
    {
        _turn++;
        foreach (var file in Directory.GetFiles(_world.Git.Folder))
        {
            File.Delete(file);
        }

        var commit = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", _turn.ToString(CultureInfo.InvariantCulture))).Commit();
        await _world.ReadyAsync(commit);
        return commit;
    }
}
