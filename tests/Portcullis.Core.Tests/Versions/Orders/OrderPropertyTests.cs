using FsCheck;
using FsCheck.Fluent;
using Portcullis.Core.Components;
using Portcullis.Core.Versions;

namespace Portcullis.Core.Tests.Versions.Orders;

[TestFixture]
public sealed class OrderPropertyTests
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly string[] Pieces =
    [
        "0", "1", "2", "10", "00", "01", "9999999999999999999999", ".", ".", ".", "-", "-", "~", "^", "+", "_", ":", "a", "b", "Z", "rc", "alpha", "beta", "dev", "post",
        "_p", "_rc", "-r1", "ga", "sp", "SNAPSHOT", "v", "!", "é", " ",
    ];

    private static readonly PackageFormat[] Formats = Enum.GetValues<PackageFormat>();

    [Test]
    public void Debian_versions_are_ordered_as_dpkg_compares_two() => AgreesWith(
        VersionOrders.Of(PackageFormat.Deb), Texts("0", "1", "2", "10", "00", "~", ".", "+", "a", "Z", "b").Select(t => t), PairwiseOrders.Dpkg, "{0}", "{0}-{1}", "1:{0}-{1}", "01:{0}");

    [Test]
    public void RPM_versions_are_ordered_as_rpm_compares_two() => AgreesWith(
        VersionOrders.Of(PackageFormat.Rpm), Texts("0", "1", "2", "10", "00", "~", "^", ".", "_", "a", "Z", "é"), PairwiseOrders.Rpm, "{0}", "{0}-{1}", "1:{0}-{1}", "01:{0}");

    [Test]
    public void Semantic_versions_are_ordered_as_the_specification_compares_two() => AgreesWith(
        VersionOrders.SemVer, Gen.Elements("0", "1", "10", "a", "B", "a-b", "1a", "-", "99999999999999999999", "99999999999999999998"), PairwiseOrders.SemVer,
        "1.0.0", "1.0.0-{0}", "1.0.0-{0}.{1}", "1.0.10", "1.10.0-{0}", "2.0.0+{0}", "1.0.0-{1}.{0}.{0}+{1}", "1.1.0");

    [Test]
    public void An_order_is_the_same_for_the_same_texts_whatever_surrounds_them() => Check.One(Often, Prop.ForAll(
        Texts(Pieces).Zip(Gen.Elements(Formats)).ToArbitrary(), given =>
        {
            var order = VersionOrders.Of(given.Item2);
            var isKey = order.TryKey(given.Item1, out var key);
            var isOther = order.TryKey($" {given.Item1}\n", out var other);
            return isKey == isOther && key == other && isKey == !key.Bytes.IsEmpty;
        }));

    /// <summary>A key that began with another would be compared by what follows it where it is stored.</summary>
    [Test]
    public void No_key_begins_with_another() => Check.One(Often.WithMaxTest(10000), Prop.ForAll(
        Texts(Pieces).Two().Zip(Gen.Elements(Formats)).ToArbitrary(), given =>
        {
            var order = VersionOrders.Of(given.Item2);
            return !order.TryKey(given.Item1.Item1, out var left) || !order.TryKey(given.Item1.Item2, out var right) || left == right || !left.Bytes.StartsWith(right.Bytes);
        }));

    [Test]
    public void Packages_of_distributions_have_a_key_for_any_text() => Check.One(Often, Prop.ForAll(
        Texts(Pieces).Zip(Gen.Elements(PackageFormat.Deb, PackageFormat.Rpm, PackageFormat.Apk)).ToArbitrary(),
        given => VersionOrders.Of(given.Item2).TryKey(given.Item1, out _) == (given.Item1.Trim().Length > 0)));

    private static Gen<string> Texts(params string[] pieces) => Gen.Elements(pieces).ArrayOf(6).Select(string.Concat)
        .Zip(Gen.Choose(0, 12)).Select(t => t.Item1[..Math.Min(t.Item2, t.Item1.Length)]);

    private static void AgreesWith(IVersionOrder order, Gen<string> texts, Func<string, string, int> compare, params string[] shapes)
    {
        var versions = Gen.Elements(shapes).Zip(texts.Two()).Select(t => string.Format(System.Globalization.CultureInfo.InvariantCulture, t.Item1, t.Item2.Item1, t.Item2.Item2));
        Check.One(Often.WithMaxTest(20000), Prop.ForAll(versions.Where(v => order.TryKey(v, out _)).Two().ToArbitrary(), pair =>
        {
            order.TryKey(pair.Item1, out var left);
            order.TryKey(pair.Item2, out var right);
            return Math.Sign(left.CompareTo(right)) == Math.Sign(compare(pair.Item1, pair.Item2));
        }));
    }
}
