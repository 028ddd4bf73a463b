using Portcullis.Core.Access;
using Portcullis.Core.Hardening;
using Portcullis.Core.Kinds;
using Portcullis.Core.Versions;
using Portcullis.Objects;

namespace Portcullis.Core.Tests;

/// <summary>What is listed in an order has that order wherever two of it are compared.</summary>
internal sealed class OrderTests
{
    [Test]
    public void Subjects_are_ordered_by_kind_then_namespace_then_name() => AssertOrdered(
        (l, r) => (l < r, l <= r, l > r, l >= r),
        RbacSubject.Group("z"), new RbacSubject("ServiceAccount", "z", "a"), new RbacSubject("ServiceAccount", "a", "b"), new RbacSubject("ServiceAccount", "b", "b"), RbacSubject.User("a"));

    [Test]
    public void Objects_are_ordered_by_kind_then_group_then_key() => AssertOrdered(
        (l, r) => (l < r, l <= r, l > r, l >= r),
        new ObjectIdentity("z", "Deployment", new ObjectKey("z", "z")), new ObjectIdentity("", "Ingress", new ObjectKey("z", "z")),
        new ObjectIdentity("extensions", "Ingress", new ObjectKey("a", "b")), new ObjectIdentity("extensions", "Ingress", new ObjectKey("b", "a")));

    [Test]
    public void Versions_are_ordered_by_their_numbers() => AssertOrdered(
        (l, r) => (l < r, l <= r, l > r, l >= r),
        new SemanticVersion(1, 2, 3), new SemanticVersion(1, 2, 10), new SemanticVersion(1, 3, 0), new SemanticVersion(2, 0, 0));

    [Test]
    public void Engines_are_ordered_by_their_version() => AssertOrdered(
        (l, r) => (l < r, l <= r, l > r, l >= r),
        new EngineVersion(19, 3, 9), new EngineVersion(19, 3, 10), new EngineVersion(20, 10, 0), new EngineVersion(23, 0, 0));

    private static void AssertOrdered<T>(Func<T, T, (bool Less, bool LessOrEqual, bool Greater, bool GreaterOrEqual)> operators, params T[] ordered)
        where T : IComparable<T>
    {
        for (var i = 0; i < ordered.Length; i++)
        {
            for (var j = 0; j < ordered.Length; j++)
            {
                var (left, right) = (ordered[i], ordered[j]);
                Assert.That(
                    (Math.Sign(left.CompareTo(right)), operators(left, right)),
                    Is.EqualTo((i.CompareTo(j), (i < j, i <= j, i > j, i >= j))),
                    $"{left} and {right}");
            }
        }
    }
}
