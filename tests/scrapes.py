"""What `/metrics` says, by name and labels."""

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from service_context import open_client
from transcriber.infra.context import Context
from transcriber.infra.metric_writer import MetricWriter

HERE = ("127.0.0.1", 50_000)
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read_samples(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read_family(samples: Samples, name: str) -> dict[tuple[str, ...], float]:
    """The samples of one name by the values of their labels, in the order of the labels' names."""
    return {
        tuple(value for _, value in labels): number
        for (found, labels), number in samples.items()
        if found == name
    }


def scrape(context: Context) -> Samples:
    """Ask another process than the one that measured; what that one knows is written first."""
    MetricWriter(context.database, context.meter).write()
    with open_client(context, client=HERE) as client:
        return scrape_client(client)


def scrape_client(client: TestClient) -> Samples:
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    return read_samples(answer.text)
