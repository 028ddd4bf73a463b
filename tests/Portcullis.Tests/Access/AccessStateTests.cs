using Portcullis.Access;
using Portcullis.Cluster;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;
using Portcullis.Tests.Identity;

namespace Portcullis.Tests.Access;

internal sealed class AccessStateTests
{
    private readonly SettlingStore _organizations = new();
    private readonly AccessState _access;

    public AccessStateTests() => _access = new AccessState(
        new AccessStores(new FixedStore<Collection>(), new FixedStore<NamespaceObject>(), new FixedStore<NodeObject>(), _organizations, new FixedStore<AccessRole>(), new FixedStore<Grant>(), new FixedStore<GitSource>()),
        new AccessOptions(),
        TimeProvider.System);

    /// <summary>Who took it for settled would take away what the missing object gives.</summary>
    [Test]
    public void A_model_without_an_object_that_is_confirmed_while_it_is_made_does_not_count_as_settled()
    {
        Assert.That(_access.Current.IsSettled, Is.False);
        Assert.That(_access.Current.IsSettled);
    }

    /// <summary>Confirms its only object right after its list was read for the first time.</summary>
    private sealed class SettlingStore : IDeclaredStore<Organization>
    {
        private static readonly Organization Acme = new() { Metadata = new ObjectMeta { Name = "acme" }, Spec = new OrganizationSpec() };

        public bool IsSettled { get; private set; }

        public bool IsSynced => true;

        public IReadOnlyList<Organization> List()
        {
            var list = IsSettled ? new[] { Acme } : [];
            IsSettled = true;
            return list;
        }

        public IReadOnlyList<Organization> Unsettled() => IsSettled ? [] : [Acme];

        public Organization? Get(ObjectKey key) => throw new NotSupportedException();

        public Task WaitUntilSyncedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public IReadOnlyList<Organization> Find(string index, string value) => throw new NotSupportedException();

        public IDisposable Subscribe(Action<Change<Organization>> observer) => throw new NotSupportedException();

        public IDisposable WhenListed(Action react) => throw new NotSupportedException();

        public IDisposable WhenUnsettledChange(Action react) => throw new NotSupportedException();
    }
}
