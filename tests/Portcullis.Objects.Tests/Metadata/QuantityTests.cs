namespace Portcullis.Objects.Tests.Metadata;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class QuantityTests
{
    [TestCase("0", "0")]
    [TestCase("1", "1")]
    [TestCase("100m", "100m")]
    [TestCase("1000m", "1")]
    [TestCase("0.5", "500m")]
    [TestCase("1.5Gi", "1536Mi")]
    [TestCase("1024Mi", "1Gi")]
    [TestCase("1000", "1k")]
    [TestCase("1500", "1500")]
    [TestCase("2e3", "2e3")]
    [TestCase("12E", "12E")]
    [TestCase("-5", "-5")]
    [TestCase("0.0000000001", "1n", Description = "rounded up, never to nothing")]
    [TestCase("512", "512")]
    public void Is_written_in_its_canonical_form(string text, string canonical) =>
        Assert.That(Quantity.Parse(text)!.Value.ToString(), Is.EqualTo(canonical));

    [TestCase("")]
    [TestCase("x")]
    [TestCase("1x")]
    [TestCase("1 Gi")]
    [TestCase("Gi")]
    [TestCase("1e999")]
    public void Refuses_what_is_no_quantity(string text) => Assert.That(Quantity.Parse(text), Is.Null);

    [Test]
    public void Compares_by_value_whatever_the_style()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Quantity.Parse("1Gi")!.Value > Quantity.Parse("1G")!.Value);
            Assert.That(Quantity.Parse("1000m"), Is.EqualTo(Quantity.Parse("1")));
            Assert.That(Quantity.Parse("64Mi")!.Value.Plus(Quantity.Parse("64Mi")!.Value).ToString(), Is.EqualTo("128Mi"));
        }
    }
}
