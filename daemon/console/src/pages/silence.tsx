// What is silenced and until when, and what waits for a second person's yes or no.
import {useState} from 'preact/hooks';
import {post} from '../api';
import {may, session, toast} from '../state';
import {address} from '../route';
import {say, sayOr} from '../text';
import {number, visible} from '../format';
import {usePoll} from '../ui/hooks';
import {Ask, Loading, Panel, Text, Trouble, When} from '../ui/parts';

interface ApprovalJson {
  id: string;
  action: string;
  object: string;
  why: string;
  request: string;
  asked_by: string;
  asked: string;
  expires: string;
}
interface SuppressionJson {
  id: string;
  rule_id: string;
  entity: string;
  source_ip: string;
  reason: string;
  owner: string;
  begins: string;
  expires: string;
}

const useApprovals = (asked = true) => usePoll<{approvals: ApprovalJson[]}>(asked ? 'approvals' : null, 10_000);

/** For the frame: how many approvals wait, as a link to them; nothing while none does. */
export function PendingApprovals() {
  const {data} = useApprovals(may('approve'));
  const count = data?.approvals.length ?? 0;
  return count ? <a class="pending" href={address('rules', '', {show: 'silence'})}>{number(count)} {say('approvals_wait')}</a> : null;
}

/** What is asked for, in the words of its request. */
function Asked({of}: {of: ApprovalJson}) {
  const [kind = '', name = ''] = [of.object.slice(0, of.object.indexOf(':')), of.object.slice(of.object.indexOf(':') + 1)];
  let request: Record<string, unknown> = {};
  try {
    request = JSON.parse(of.request) as Record<string, unknown>;
  } catch {
    // then the object has to tell
  }
  const more = ['rule_id', 'entity', 'source_ip', 'reason', 'expires'].filter(key => request[key]).map(key => (key === 'reason' ? sayOr('reason_' + String(request[key]), visible(request[key])) : visible(request[key])));
  return (
    <>
      <b>{sayOr('asked_' + of.action, visible(of.action))}</b> {kind === 'alert' ? <a href={address('alert', name)}>{say('alert')}</a> : kind === 'suppression' ? null : <Text of={of.object} />}
      {more.length ? <small> {more.join(' · ')}</small> : null}
    </>
  );
}

function Approvals() {
  const {data, error, again} = useApprovals();
  const [deciding, setDeciding] = useState<{one: ApprovalJson; yes: boolean} | null>(null);
  return (
    <Panel title={say('approvals')} id="approvals">
      {error ? <Trouble error={error} again={again} /> : !data ? <Loading /> : !data.approvals.length ? <p class="quiet">{say('approvals_none')}</p> : (
        <table>
          <thead><tr><th scope="col">{say('asked_for')}</th><th scope="col">{say('reason')}</th><th scope="col">{say('asked_by')}</th><th scope="col">{say('until')}</th>
            <th scope="col"><span class="hearing">{say('actions')}</span></th></tr></thead>
          <tbody>{data.approvals.map(one => (
            <tr key={one.id}>
              <td><Asked of={one} /></td><td><Text of={one.why || '–'} /></td><td><Text of={one.asked_by} /></td><td><When of={one.expires} /></td>
              <td>{may('approve') ? <span class="buttons">
                {one.asked_by === session.value?.name ? <small>{say('another_person')}</small>
                  : <button type="button" onClick={() => setDeciding({one, yes: true})}>{say('confirm')}</button>}
                <button type="button" onClick={() => setDeciding({one, yes: false})}>{say('refuse')}</button></span> : null}</td>
            </tr>
          ))}</tbody>
        </table>
      )}
      {deciding ? <Ask title={say(deciding.yes ? 'confirm' : 'refuse')} label={say('why')} leave={() => setDeciding(null)} done={async why => {
        await post(`approvals/${encodeURIComponent(deciding.one.id)}:${deciding.yes ? 'confirm' : 'refuse'}`, {why});
        toast(say(deciding.yes ? 'confirmed' : 'refused_now'));
        again();
      }} /> : null}
    </Panel>
  );
}

function Suppressions() {
  const {data, error, again} = usePoll<{suppressions: SuppressionJson[]}>('suppressions', 10_000);
  const [ending, setEnding] = useState<SuppressionJson | null>(null);
  return (
    <Panel title={say('suppressions')} id="suppressions">
      {error ? <Trouble error={error} again={again} /> : !data ? <Loading /> : !data.suppressions.length ? <p class="quiet">{say('suppressions_none')}</p> : (
        <table>
          <thead><tr><th scope="col">{say('rule')}</th><th scope="col">{say('col_entity')}</th><th scope="col">{say('reason')}</th><th scope="col">{say('owner')}</th><th scope="col">{say('until')}</th>
            <th scope="col"><span class="hearing">{say('actions')}</span></th></tr></thead>
          <tbody>{data.suppressions.map(one => (
            <tr key={one.id}>
              <td>{one.rule_id ? <a href={address('rules', one.rule_id)}><Text of={one.rule_id} /></a> : say('any')}</td><td><Text of={[one.entity, one.source_ip].filter(Boolean).join(' · ') || say('any')} /></td>
              <td><Text of={one.reason} /></td><td><Text of={one.owner} /></td><td><When of={one.expires} /></td>
              <td>{may('rules') ? <button type="button" onClick={() => setEnding(one)}>{say('end_suppression')}</button> : null}</td>
            </tr>
          ))}</tbody>
        </table>
      )}
      {ending ? <Ask title={say('end_suppression')} label={say('why')} leave={() => setEnding(null)} done={async why => {
        await post(`suppressions/${encodeURIComponent(ending.id)}:end`, {why});
        again();
      }} /> : null}
    </Panel>
  );
}

export function Silence() {
  return (
    <main id="main" tabIndex={-1}>
      <p><a href={address('rules')}>← {say('rules')}</a></p>
      <h1>{say('silence')}</h1>
      <Approvals />
      <Suppressions />
    </main>
  );
}
