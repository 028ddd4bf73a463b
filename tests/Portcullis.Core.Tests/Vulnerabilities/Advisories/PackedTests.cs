using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Tests.Vulnerabilities.Advisories;

[TestFixture]
internal sealed class PackedTests
{
    [TestCase(0UL, 1)]
    [TestCase(127UL, 1)]
    [TestCase(128UL, 2)]
    [TestCase(16_384UL, 3)]
    [TestCase(ulong.MaxValue, 10)]
    public void A_number_comes_back_and_takes_a_byte_for_seven_bits(ulong number, int bytes)
    {
        var writer = new PackedWriter();
        writer.Number(number);
        var reader = new PackedReader(writer.Written);
        Assert.That((writer.Length, reader.Number(), reader.IsAtEnd), Is.EqualTo((bytes, number, true)));
    }

    [Test]
    public void Texts_of_any_length_come_back()
    {
        string[] texts = ["", "ä", new('x', 300), new('y', 5000)];
        var writer = new PackedWriter();
        writer.Byte(7);
        writer.Clear();
        writer.Texts(texts);
        writer.Texts([]);
        writer.Byte(9);
        var reader = new PackedReader(writer.Written);
        Assert.That(reader.Texts(), Is.EqualTo(texts));
        Assert.That(reader.Texts(), Is.Empty);
        Assert.That((reader.Byte(), reader.IsAtEnd), Is.EqualTo((9, true)));
    }

    [TestCase(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 })]
    [TestCase(new byte[] { 0x80 })]
    [TestCase(new byte[] { 5, 1, 2 })]
    [TestCase(new byte[] { })]
    public void What_was_not_written_so_is_an_error(byte[] bytes) => Assert.Throws<FormatException>(() => new PackedReader(bytes).Bytes());

    [Test]
    public void Packages_are_ordered_by_ecosystem_then_name()
    {
        AdvisoryPackage[] ordered = [new("Go", "b"), new("npm", "a"), new("npm", "b")];
        Assert.That(ordered.Reverse().Order(), Is.EqualTo(ordered));
        Assert.That(ordered[0] < ordered[1] && ordered[1] <= ordered[1] && ordered[2] > ordered[1] && ordered[2] >= ordered[2], Is.True);
        Assert.That(ordered[1] < ordered[1] || ordered[1] > ordered[1] || ordered[2] <= ordered[1] || ordered[0] >= ordered[1], Is.False);
    }
}
