using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Tests.Components;

internal sealed class ImageMatchTests
{
    [Test]
    public void A_component_is_matched_with_its_own_distribution_and_what_a_package_of_the_system_brought_is_not_but_for_what_was_linked_into_a_program()
    {
        var owner = new Component { Format = PackageFormat.Deb, Name = "python3-x", Version = "1" };
        LocatedComponent Some(PackageFormat format, string name) => new(new() { Format = format, Name = name, Version = "1" }, 0, ["x"]);
        var inventory = new ImageInventory
        {
            Layers = ["l"],
            Distribution = new("alpine", "3.18"),
            Components =
            [
                Some(PackageFormat.Apk, "a"), Some(PackageFormat.Deb, "b") with { Origin = ComponentOrigin.Content, Distribution = new("debian", "12") },
                Some(PackageFormat.Python, "c") with { PartOf = owner }, Some(PackageFormat.Go, "d") with { PartOf = owner },
                Some(PackageFormat.Maven, "e") with { PartOf = owner }, Some(PackageFormat.Gem, "f") with { PartOf = owner }, Some(PackageFormat.Crate, "g") with { PartOf = owner },
            ],
        };
        Assert.That(ImageMatch.Of(inventory, new Everything()).Select(f => f.Finding.Vulnerability.Id), Is.EqualTo(["a alpine", "b debian", "d alpine", "g alpine"]));
    }

    private sealed class Everything : IAdvisoryIndex
    {
        public DateTimeOffset Date => default;

        public IReadOnlyList<Finding> FindingsOf(Component component, Distribution? distribution) =>
            [new() { Component = component, Vulnerability = new() { Id = $"{component.Name} {distribution?.Id}", Severity = Severity.Minor } }];
    }
}
