using Portcullis.Core.Components;
using Portcullis.Core.Versions;

namespace Portcullis.Core.Tests.Versions.Orders;

[TestFixture]
public sealed class SharedTableTests
{
    [TestCase("debian.txt", PackageFormat.Deb)]
    [TestCase("pypi.txt", PackageFormat.Python)]
    [TestCase("semver.txt", PackageFormat.Npm)]
    [TestCase("semver.txt", PackageFormat.Go)]
    [TestCase("semver.txt", PackageFormat.Crate)]
    [TestCase("alpine.txt", PackageFormat.Apk)]
    [TestCase("redhat.txt", PackageFormat.Rpm)]
    [TestCase("nuget.txt", PackageFormat.NuGet)]
    [TestCase("maven.txt", PackageFormat.Maven)]
    [TestCase("rubygems.txt", PackageFormat.Gem)]
    public void Every_comparison_of_the_shared_tables_holds(string file, PackageFormat format) =>
        Assert.That(VersionTable.Differences(VersionOrders.Of(format), VersionTable.Shared(file)), Is.Empty);
}
