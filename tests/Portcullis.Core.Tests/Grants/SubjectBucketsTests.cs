using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Access;
using Portcullis.Core.Grants;

namespace Portcullis.Core.Tests.Grants;

internal sealed class SubjectBucketsTests
{
    [Test]
    public void One_joining_touches_one_binding_or_splits_it()
    {
        var subjects = Enumerable.Range(0, 3000).Select(i => RbacSubject.User($"user-{i}")).ToList();
        var before = SubjectBuckets.Split(subjects).ToDictionary(b => b.Bits, b => b.Subjects);
        for (var i = 0; i < 200; i++)
        {
            subjects.Add(RbacSubject.User($"late-{i}"));
            var after = SubjectBuckets.Split(subjects).ToDictionary(b => b.Bits, b => b.Subjects);
            var changed = after.Keys.Count(bits => !before.TryGetValue(bits, out var old) || !old.SequenceEqual(after[bits]));
            Assert.That(changed, Is.LessThanOrEqualTo(2));
            before = after;
        }
    }

    [Test]
    public void Nobody_is_lost_doubled_or_crowded_and_order_does_not_matter()
    {
        var random = new Random(3);
        for (var round = 0; round < 30; round++)
        {
            var subjects = Enumerable.Range(0, random.Next(0, 2500)).Select(i => RbacSubject.User($"u{i}")).ToArray();
            var buckets = SubjectBuckets.Split(subjects);
            random.Shuffle(subjects);
            var shuffled = SubjectBuckets.Split(subjects.Concat(subjects.Take(3)));
            Assert.That(buckets.SelectMany(b => b.Subjects).Order(), Is.EqualTo(subjects.Order()));
            Assert.That(buckets.All(b => b.Subjects.Count is > 0 and <= SubjectBuckets.Capacity));
            Assert.That(shuffled.Select(b => (b.Bits, string.Join(',', b.Subjects))), Is.EqualTo(buckets.Select(b => (b.Bits, string.Join(',', b.Subjects)))));
        }
    }

    [TestCase(499, 1)]
    [TestCase(500, 1)]
    [TestCase(501, 2)]
    public void Five_hundred_subjects_fit_into_one_binding(int subjects, int bindings) =>
        Assert.That(SubjectBuckets.Split(Enumerable.Range(0, subjects).Select(i => RbacSubject.User($"u{i}"))), Has.Count.EqualTo(bindings));

    /// <summary>The names of bindings in clusters depend on it.</summary>
    [Test]
    public void A_bucket_is_named_by_the_first_bits_of_the_digest_of_its_subjects()
    {
        foreach (var (bits, subjects) in SubjectBuckets.Split(Enumerable.Range(0, 40).Select(i => new RbacSubject("ServiceAccount", $"u{i}", "ns")), capacity: 1))
        {
            var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"ServiceAccount\nns\n{subjects.Single().Name}"));
            Assert.That(string.Concat(digest.Select(b => b.ToString("b8", System.Globalization.CultureInfo.InvariantCulture))), Does.StartWith(bits));
        }
    }

    [Test]
    public void Even_buckets_of_one_lose_nobody()
    {
        var subjects = Enumerable.Range(0, 40).Select(i => RbacSubject.User($"u{i}")).ToList();
        var buckets = SubjectBuckets.Split(subjects, capacity: 1);
        Assert.That(buckets.SelectMany(b => b.Subjects), Is.EquivalentTo(subjects));
        Assert.That(buckets.Select(b => b.Subjects.Count), Is.All.EqualTo(1));
        Assert.That(buckets.Select(b => b.Bits.Length), Is.All.LessThan(20), "no deeper than it must be");
    }
}
