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
}
