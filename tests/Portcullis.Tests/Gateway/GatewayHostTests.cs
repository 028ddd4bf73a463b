using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Identity;
using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;
using Portcullis.Gateway;
using Portcullis.Http.Serving;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Stores;
using Portcullis.Testing.Clusters;

namespace Portcullis.Tests.Gateway;

[TestFixture]
internal sealed class GatewayHostTests
{
    [Test]
    public async Task A_gateway_sees_of_every_kind_that_it_decides_by_only_what_is_declared()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var host = GatewayHost.Build(new GatewaySettings
        {
            Connection = cluster.Connection,
            Logging = _ => { },
            Gateway = new GatewayOptions { Listen = ListenAddress.Loopback(0) },
        });
        Assert.Multiple(() =>
        {
            Assert.That(StoreOf<Registry>(host), Is.InstanceOf<IDeclaredStore>());
            Assert.That(StoreOf<Repository>(host), Is.InstanceOf<IDeclaredStore>());
            Assert.That(StoreOf<Collection>(host), Is.InstanceOf<IDeclaredStore>());
            Assert.That(StoreOf<Grant>(host), Is.InstanceOf<IDeclaredStore>());
            Assert.That(StoreOf<AccessRole>(host), Is.InstanceOf<IDeclaredStore>());
            Assert.That(StoreOf<Organization>(host), Is.InstanceOf<IDeclaredStore>());
            Assert.That(StoreOf<IdentityProvider>(host), Is.InstanceOf<IDeclaredStore>());
            Assert.That(StoreOf<GitSource>(host), Is.InstanceOf<IDeclaredStore>());
        });
    }

    private static object StoreOf<T>(IHost host)
        where T : class => host.Services.GetRequiredService<IStore<T>>();
}
