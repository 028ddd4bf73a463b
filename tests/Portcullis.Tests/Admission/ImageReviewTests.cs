using System.Text.Json.Nodes;
using Portcullis.Admission;
using Portcullis.Admission.Signatures;
using Portcullis.Core.Signing;
using Portcullis.Objects;
using Portcullis.Signing;
using Portcullis.Testing;

namespace Portcullis.Tests.Admission;

/// <summary>What is asked for a request, and what becomes of it when nobody answers.</summary>
internal sealed class ImageReviewTests
{
    private static AdmissionRequest Request(string pod, string? old = null) => new()
    {
        Uid = "1",
        Operation = old is null ? "CREATE" : "UPDATE",
        Group = "",
        Resource = "pods",
        Kind = "Pod",
        Key = new ObjectKey("team", "a"),
        User = "ann",
        Object = (JsonObject)JsonNode.Parse(pod)!,
        OldObject = old is null ? null : (JsonObject)JsonNode.Parse(old)!,
    };

    [Test]
    public async Task An_answer_that_does_not_come_is_given_up_before_the_api_server_gives_up()
    {
        var time = new ManualTimeProvider();
        var review = new ImageReview(new Answering(new TaskCompletionSource<ImageAdmission>().Task), time).OfAsync(Request("""{"kind":"Pod","spec":{"containers":[{"name":"a","image":"x"}]}}"""), default).AsTask();
        time.Advance(TimeSpan.FromSeconds(7));
        Assert.That(review.IsCompleted, Is.False);
        time.Advance(ImageReview.Timeout - TimeSpan.FromSeconds(8));
        Assert.That(await review, Is.InstanceOf<ReviewedImages.Undecided>().With.Property("Message").Contains("were not verified within 8 s"));
    }

    [Test]
    public async Task A_container_without_an_image_is_asked_about_too()
    {
        var answering = new Answering(Task.FromResult(new ImageAdmission([])));
        await new ImageReview(answering, TimeProvider.System).OfAsync(Request("""{"kind":"Pod","spec":{"containers":[{"name":"a"},{"name":"b","image":"x"}]}}"""), default);
        Assert.That(answering.Asked, Is.EqualTo(new[] { "", "x" }));
    }

    [Test]
    public async Task A_request_without_its_object_is_not_one_without_images()
    {
        var review = new ImageReview(new Answering(Task.FromResult(new ImageAdmission([]))), TimeProvider.System);
        Assert.That(await review.OfAsync(Request("{}") with { Object = null }, default), Is.InstanceOf<ReviewedImages.Undecided>().With.Property("Message").Contains("is without the object"));
    }

    [TestCase("""{"kind":"Pod","spec":{"containers":[{"name":"a","image":"x"}]}}""", Description = "the images it had")]
    [TestCase("""{"kind":"Pod","spec":{"containers":[]}}""")]
    public async Task Where_there_is_nothing_to_decide_nobody_is_asked(string pod)
    {
        var answering = new Answering(Task.FromResult(new ImageAdmission([])));
        var review = await new ImageReview(answering, TimeProvider.System).OfAsync(Request(pod, """{"kind":"Pod","spec":{"containers":[{"name":"a","image":"x"}]}}"""), default);
        Assert.That((review, answering.Asked), Is.EqualTo((ReviewedImages.Nothing.Instance, (IReadOnlyList<string>?)null)));
    }

    [Test]
    public void A_response_shows_ten_warnings_of_a_length_that_the_api_server_passes_on()
    {
        var response = AdmissionResponse.Admit with { Warnings = [.. Enumerable.Range(0, 50).Select(i => new string('w', 1000))] };
        var warnings = response.ToReview("1")["response"]!["warnings"]!.AsArray();
        Assert.That(warnings.Select(w => w!.GetValue<string>().Length), Is.EqualTo(Enumerable.Repeat(256, 10)));
    }

    private sealed class Answering(Task<ImageAdmission> answer) : IImageAdmission
    {
        public IReadOnlyList<string>? Asked { get; private set; }

        public SigningMode Strictest => SigningMode.Enforce;

        public ValueTask<ImageAdmission> DecideAsync(IReadOnlyList<string> images, string? @namespace, CancellationToken cancellationToken)
        {
            Asked = images;
            return new ValueTask<ImageAdmission>(answer);
        }
    }
}
