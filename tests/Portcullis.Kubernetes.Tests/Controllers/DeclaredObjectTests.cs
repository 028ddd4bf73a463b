using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Stores;
using Portcullis.Kubernetes.Tests.Scripted;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Controllers;

/// <summary>What the loop says of an object that is not as it is declared, and when.</summary>
internal sealed class DeclaredObjectTests : IAsyncDisposable
{
    private readonly ControllerHarness _h = new();
    private readonly OneGeneration _declared = new();

    public ValueTask DisposeAsync() => _h.DisposeAsync();

    [Test]
    public async Task An_edit_that_is_not_brought_back_within_moments_is_reported()
    {
        await ReadyAsync();
        _declared.Generation = 2;
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromMilliseconds(500), () => _h.Condition("a", "Ready").String("reason") == "Edited");
        Assert.That(_h.Condition("a", "Ready").String("message"), Does.StartWith("edited by unknown"));
    }

    [Test]
    public async Task A_commit_that_is_confirmed_before_the_watch_shows_it_is_no_edit_by_hand()
    {
        // A new object is held until it is confirmed.
        _declared.Generation = 0;
        _h.Declarations = _declared;
        _h.Put("a");
        await _h.StartAsync();
        await _h.SettlesAsync(() => _declared.Asked > 0);
        _declared.Generation = 1;
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        _h.Time.Advance(TimeSpan.FromMinutes(1));

        // The source wrote generation 2 and confirms it; the store still shows generation 1.
        var before = await ReconcilesAsync();
        _declared.Generation = 2;
        await Eventually.HoldsAsync(async () => await ReconcilesAsync() > before);
        _h.Put("a", "blue");
        await _h.SettlesAsync(() => _h.Get("a").Object("status").String("painted") == "blue");

        Assert.That(_h.EventsOn("a"), Is.Empty);
    }

    [Test]
    public async Task What_nobody_declares_any_more_has_left_the_declared_objects_before_it_is_undone_although_no_event_said_so_yet()
    {
        Widget? known = null;
        var undone = false;
        _h.Script.Reconcile = (_, _, _) => Task.FromResult(Script.Of(new Outcome.Waiting("Drying", "dries", TimeSpan.FromSeconds(10))));
        _h.Script.Finalize = w =>
        {
            known = _h.Services.GetRequiredService<IStore<Widget>>().Get(w.Metadata.Key);
            undone = true;
            return null;
        };
        _h.Declarations = _declared;
        _h.Put("a");
        await _h.StartAsync(finalizes: true);
        await _h.SettlesAsync(() => _h.Condition("a", "Ready").String("reason") == "Drying");

        _declared.WithdrawQuietly();
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromSeconds(2), () => undone);
        Assert.That(known, Is.Null);
    }

    [Test]
    public async Task At_no_moment_does_an_object_count_as_settled_of_which_nobody_can_read_what_is_declared()
    {
        _declared.Generation = 0; // a new object is held until it is confirmed
        _h.Declarations = _declared;
        _h.Put("a");
        await _h.StartAsync();
        var store = (IDeclaredStore<Widget>)_h.Services.GetRequiredService<IStore<Widget>>();
        await _h.SettlesAsync(() => !store.IsSettled);

        var missed = 0;
        _declared.WhenAsked = () => missed += store.IsSettled && store.Get(ObjectKey.Cluster("a")) is null ? 1 : 0;
        _declared.Generation = 0;
        _declared.Generation = 1;
        Assert.That((store.IsSettled, store.Get(ObjectKey.Cluster("a")) is null, missed), Is.EqualTo((true, false, 0)));
    }

    private async Task ReadyAsync()
    {
        _h.Declarations = _declared;
        _h.Put("a");
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
    }

    private async Task<double> ReconcilesAsync() => (await _h.MetricsAsync()).Split('\n')
        .Where(l => l.StartsWith("controller_runtime_reconcile_total{", StringComparison.Ordinal))
        .Sum(l => double.Parse(l.Split(' ')[^1], CultureInfo.InvariantCulture));

    /// <summary>Declares every object as it was at one generation.</summary>
    private sealed class OneGeneration : IDeclarations
    {
        private Action<DeclarationChange>? _changed;
        private long _generation = 1;
        private int _asked;
        private volatile bool _isWithdrawn;

        public long Generation
        {
            set
            {
                Interlocked.Exchange(ref _generation, value);
                _changed?.Invoke(new DeclarationChange());
            }
        }

        /// <summary>Nothing is declared from now on, and nobody is called back.</summary>
        public void WithdrawQuietly() => _isWithdrawn = true;

        /// <summary>Called whenever it is asked what is declared.</summary>
        public Action? WhenAsked { get; set; }

        public int Asked => Volatile.Read(ref _asked);

        public DeclarationState Of<T>(T resource, Declaration? reported)
            where T : class, IResource<T>
        {
            Interlocked.Increment(ref _asked);
            WhenAsked?.Invoke();
            if (_isWithdrawn)
            {
                return new DeclarationState.Undeclared("nobody declares it");
            }

            var generation = Interlocked.Read(ref _generation);
            return resource.Metadata.Generation == generation
                ? new DeclarationState.Confirmed(new Declaration { Generation = generation, Source = "root" })
                : new DeclarationState.Edited("root");
        }

        public bool DeclaresMissing(ApiResource resource, ObjectKey key) => true;

        public IDisposable Subscribe(Action<DeclarationChange> react)
        {
            _changed += react;
            return new Nothing();
        }

        public Task<string> WhoChangedAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken) => Task.FromResult("by unknown");

        private sealed class Nothing : IDisposable
        {
            public void Dispose()
            {
            }
        }
    }
}
