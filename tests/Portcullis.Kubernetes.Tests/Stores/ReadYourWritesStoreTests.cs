using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Stores;

/// <summary>A write of ours, its answer, its echo on the watch, and somebody else's writes, as the writer reads them from the store.</summary>
internal sealed class ReadYourWritesStoreTests
{
    private static readonly ApiResource Bindings = new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", Namespaced: true);
    private static readonly ObjectKey Key = new("team", "viewers");

    private readonly UntypedStore _watched = new(Bindings, new StoreOptions<JsonObject>().IndexNamespace());
    private readonly List<ObjectKey> _changedByOthers = [];
    private readonly ReadYourWritesStore _store;

    public ReadYourWritesStoreTests()
    {
        _store = new ReadYourWritesStore(_watched, new ManualTimeProvider());
        _store.WhenChangedByOthers(_changedByOthers.Add);
    }

    [Test]
    public void What_was_written_is_read_before_the_watch_shows_it()
    {
        using var write = _store.Begin(Key);
        Assert.That(write.Answered("2", Binding("2")), Is.True);
        Assert.That(Read(), Is.EqualTo("2"));
        Show("2");
        Assert.That(Read(), Is.EqualTo("2"));
        Assert.That(_changedByOthers, Is.Empty, "it is our own");
    }

    [Test]
    public void What_was_deleted_is_gone_before_the_watch_shows_it()
    {
        Show("1");
        _changedByOthers.Clear();
        using var write = _store.Begin(Key);
        Assert.That(write.Deleted(), Is.True);
        Assert.That(Read(), Is.Null);
        _watched.Remove(Key, "2", initial: false);
        Assert.That(Read(), Is.Null);
        Assert.That(_changedByOthers, Is.Empty, "it is our own");
    }

    [Test]
    public void A_newer_version_than_what_was_written_is_read_and_reported()
    {
        using var write = _store.Begin(Key);
        write.Answered("2", Binding("2"));
        Show("3");
        Assert.That(Read(), Is.EqualTo("3"));
        Assert.That(_changedByOthers, Is.EqualTo(new[] { Key }));
    }

    [Test]
    public void What_somebody_else_did_before_the_answer_must_be_looked_at_by_the_writer()
    {
        Show("1");
        _changedByOthers.Clear();
        using var write = _store.Begin(Key);
        Show("2");
        Assert.That(write.Answered("3", Binding("3")), Is.False);
        Assert.That(_changedByOthers, Is.EqualTo(new[] { Key }), "the writer may fail at something else and not come back");
    }

    [Test]
    public void What_somebody_else_did_during_a_write_that_failed_is_reported_when_it_has_ended()
    {
        Show("1");
        _changedByOthers.Clear();
        using (_store.Begin(Key))
        {
            Show("2");
            Assert.That(_changedByOthers, Is.Empty, "it may be the echo of the write");
        }

        Assert.That(_changedByOthers, Is.EqualTo(new[] { Key }));
    }

    [Test]
    public void A_write_that_failed_while_everything_was_listed_is_reported()
    {
        Show("1");
        _changedByOthers.Clear();
        using (_store.Begin(Key))
        {
            _watched.MarkSynced();
        }

        Assert.That(_changedByOthers, Is.EqualTo(new[] { Key }));
    }

    [Test]
    public void A_write_that_was_never_answered_is_not_believed()
    {
        Show("1");
        _store.Begin(Key).Dispose();
        Assert.That(Read(), Is.EqualTo("1"));
    }

    [Test]
    public void After_a_list_of_everything_only_what_it_showed_is_believed_and_the_object_is_reported()
    {
        using (var write = _store.Begin(Key))
        {
            write.Answered("2", Binding("2"));
        }

        _watched.MarkSynced();
        Assert.That(Read(), Is.Null, "somebody may have deleted it before the list");
        Assert.That(_changedByOthers, Is.EqualTo(new[] { Key }));
    }

    [Test]
    public void The_objects_of_a_namespace_are_those_shown_and_those_written_there()
    {
        Show("1");
        using var made = _store.Begin(new ObjectKey("team", "editors"));
        made.Answered("2", Binding("2", "team", "editors"));
        using var elsewhere = _store.Begin(new ObjectKey("other", "editors"));
        elsewhere.Answered("3", Binding("3", "other", "editors"));
        using var deleted = _store.Begin(Key);
        Assert.That(_store.In("team").Keys, Is.EquivalentTo(new[] { "viewers", "editors" }));
        deleted.Deleted();
        Assert.That(_store.In("team").Keys, Is.EquivalentTo(new[] { "editors" }));
    }

    [Test]
    public void Whoever_reads_may_change_what_was_read()
    {
        using var write = _store.Begin(Key);
        write.Answered("2", Binding("2"));
        _store.Get(Key)!["metadata"]!["resourceVersion"] = "99";
        _store.In("team")["viewers"]["metadata"]!["resourceVersion"] = "99";
        Assert.That(Read(), Is.EqualTo("2"));
    }

    [Test]
    public void Nobody_is_called_after_the_end_of_a_subscription()
    {
        var calls = 0;
        _store.WhenChangedByOthers(_ => calls++).Dispose();
        Show("1");
        Assert.That(calls, Is.Zero);
        Assert.That(_changedByOthers, Has.Count.EqualTo(1));
    }

    private string? Read()
    {
        var one = _store.Get(Key).Object("metadata").String("resourceVersion");
        Assert.That(_store.In(Key.Namespace).GetValueOrDefault(Key.Name).Object("metadata").String("resourceVersion"), Is.EqualTo(one));
        return one;
    }

    private void Show(string version) => _watched.Put(KubernetesJson.ToBytes(Binding(version)), initial: false);

    private static JsonObject Binding(string version, string @namespace = "team", string name = "viewers") => new()
    {
        ["apiVersion"] = Bindings.ApiVersion,
        ["kind"] = Bindings.Kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace, ["resourceVersion"] = version },
    };
}
